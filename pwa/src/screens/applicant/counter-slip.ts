import rules from "@dossier/data/queue.json";
import { html, nothing, type TemplateResult } from "lit";
import { inLanguage, showMoney, showSlip, t } from "../../i18n/index.ts";
import { counterFees, inForce, today } from "../../rules/index.ts";
import "../../styles/handover.css";
import "../shared/qr-picture.ts";
import type { Form } from "./form.ts";
import { counterToday, outcomeOf } from "./outcome.ts";
import { numberOf, whenOf } from "./take-number.ts";
import { w } from "./words/index.ts";

/** When the points take cases: "07:30–11:30, 13:30–17:00". */
export function hoursOf(on = today()): string {
  const parts = inForce(rules.rules, on)?.parts;
  return Object.values(parts ?? {})
    .map(([from, to]) => `${from}–${to}`)
    .join(", ");
}

/** What a counter needs and what to take there; seen on paper only. Nothing of the person. */
export function counterSlip({ values, draft }: Form): TemplateResult {
  const outcome = outcomeOf(values);
  const counter = counterToday();
  const number = numberOf(draft);
  return html`<section class="slip" aria-hidden="true">
    <p class="title">${t("app.name")} · ${inLanguage(outcome.title)}</p>
    ${number ? html`<p><strong>${w("queue.number", { number: number.number })}</strong><br />${whenOf(number)}</p>` : nothing}
    <p class="part">${w("elsewhere.where")}</p>
    ${counter ? html`<p>${inLanguage(counter)}</p>` : nothing}
    <p>${w("elsewhere.hours", { hours: hoursOf() })}</p>
    <p class="part">${w("elsewhere.bring")}</p>
    <ul>${outcome.bring.map((paper) => html`<li>${inLanguage(paper)}</li>`)}</ul>
    <p class="part">${w("elsewhere.fees")}</p>
    <ul>${counterFees(values).map(({ name, amount }) => html`<li>${inLanguage(name)}: ${showMoney(amount)}</li>`)}</ul>
    <p class="part">${w("elsewhere.code")}</p>
    <db-qr-picture .text=${draft.slip} .label=${showSlip(draft.slip)}></db-qr-picture>
    <p class="big">${showSlip(draft.slip)}</p>
    <p>${w("elsewhere.code_paper")}</p>
  </section>`;
}
