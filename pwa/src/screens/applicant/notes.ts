import regimes from "@dossier/data/regimes.json";
import { html, nothing, type TemplateResult } from "lit";
import { certificateNeeded, exchangeTargets, today } from "../../rules/index.ts";
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
  const left = daysFromToday(expiry);
  if (left === null || left > regimes.expiry.warn_days_left) return nothing;
  return left >= 0
    ? note("class.days_left", "wait", { days: left })
    : note("class.overdue", "wait", { days: -left });
}

/** Days from today to a date (negative: past), or null when it is no date. */
export function daysFromToday(date: string | undefined): number | null {
  if (!date || !/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(date)) return null;
  return Math.round((Date.parse(date) - Date.parse(today())) / 86_400_000);
}

const note = (key: WordKey, kind = "", params = {}): TemplateResult =>
  html`<p class="note ${kind}">${w(key, params)}</p>`;
