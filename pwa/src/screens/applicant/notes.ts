import regimes from "@dossier/data/regimes.json";
import { html, nothing, type TemplateResult } from "lit";
import { certificateNeeded, exchangeTargets, expiryState, today } from "../../rules/index.ts";
import { classOf } from "./classes.ts";
import type { Step, Values } from "./steps.ts";
import { type WordKey, w } from "./words/index.ts";

/** What follows from the answers of a page, said while it is being answered. */
export function notes(step: Step, values: Values): TemplateResult | typeof nothing {
  if (step.id === "hang") return classNotes(values);
  if (step.id === "noi-o" && values.residence_legacy) {
    return html`<p class="note">${w("residence.legacy", { address: values.residence_legacy })}</p>`;
  }
  if (step.id === "tuoc-quyen" && values.revoked) return note("revoked.note", "wait");
  return nothing;
}

function classNotes(values: Values): TemplateResult | typeof nothing {
  const { licence_regime: regime, licence_class: held, licence_expiry: expiry } = values;
  if (!regime || !held || !classOf(regime, held)) return nothing;
  const targets = exchangeTargets(regime, held);
  return html`
    ${targets.length > 0 ? html`<p class="note">${w("class.becomes", { held, targets: targets.join(", ") })}</p>` : nothing}
    ${note(certificateNeeded(values) ? "class.needs_certificate" : "class.no_certificate")}
    ${expiryNote(expiry)}`;
}

function expiryNote(expiry: string | undefined): TemplateResult | typeof nothing {
  const warning = expiryWarning(expiry);
  return warning ? note(warning.key, "wait", { days: warning.days }) : nothing;
}

/** What to say of a card that ends soon or has just ended; a test is the next page's matter. */
export function expiryWarning(
  expiry: string | undefined,
  on = today(),
): { key: "class.days_left" | "class.overdue"; days: number } | null {
  const { daysLeft, test } = expiryState(expiry, on);
  if (daysLeft === null || test || daysLeft > regimes.expiry.warn_days_left) return null;
  return daysLeft >= 0
    ? { key: "class.days_left", days: daysLeft }
    : { key: "class.overdue", days: -daysLeft };
}

const note = (key: WordKey, kind = "", params = {}): TemplateResult =>
  html`<p class="note ${kind}">${w(key, params)}</p>`;
