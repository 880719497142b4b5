import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { inLanguage, showMoney, t } from "../../i18n/index.ts";
import { counterFees } from "../../rules/index.ts";
import type { Form } from "./form.ts";
import { counterToday, outcomeOf } from "./outcome.ts";
import { lawOf } from "./why.ts";
import "./take-number.ts";
import { w } from "./words/index.ts";

/** The early, kind answer: this case goes to a counter. Where, with what, and why; printable. */
export class ElsewhereView extends Light {
  static override properties = { form: { attribute: false } };
  form!: Form;

  protected override render(): TemplateResult {
    const outcome = outcomeOf(this.form.values);
    const counter = counterToday();
    const fees = counterFees(this.form.values);
    const law = lawOf(outcome.law);
    return html`
      <p>${inLanguage(outcome.why)}</p>
      <section class="note">
        <h2>${w("elsewhere.where")}</h2>
        ${counter ? html`<p>${inLanguage(counter)}</p>` : nothing}
      </section>
      <section>
        <h2>${w("elsewhere.bring")}</h2>
        <ul>${outcome.bring.map((paper) => html`<li>${inLanguage(paper)}</li>`)}</ul>
      </section>
      <section>
        <h2>${w("elsewhere.fees")}</h2>
        <dl class="pairs" data-fees>
          ${fees.map(({ name, amount }) => html`<div><dt>${inLanguage(name)}</dt><dd>${showMoney(amount)}</dd></div>`)}
        </dl>
      </section>
      <db-take-number .draft=${this.form.draft}></db-take-number>
      ${law ? html`<p class="quiet small">${w("elsewhere.law")}: ${law.cite}. ${inLanguage(law)}</p>` : nothing}
      <p class="quiet noprint">${w("elsewhere.kept")}</p>
      <div class="foot">
        <button class="button" type="button" @click=${() => window.print()}>${t("app.print")}</button>
        <a class="button second" href="/tro-giup">${w("elsewhere.points")}</a>
      </div>`;
  }
}

customElements.define("db-elsewhere-view", ElsewhereView);
