import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { inLanguage, showMoney, showSlip } from "../../i18n/index.ts";
import { counterFees, expiryState, today } from "../../rules/index.ts";
import { printButtons } from "../handover/slip.ts";
import { counterSlip, hoursOf } from "./counter-slip.ts";
import type { Form } from "./form.ts";
import { counterToday, outcomeOf } from "./outcome.ts";
import { lawOf } from "./why.ts";
import "./retest-card.ts";
import "./take-number.ts";
import { w } from "./words/index.ts";

/** The early, kind answer: this case goes to a counter. Where, with what, and why; printable. */
export class ElsewhereView extends Light {
  static override properties = { form: { attribute: false } };
  form!: Form;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.form.draft.subscribe(() => this.requestUpdate()));
  }

  protected override render(): TemplateResult {
    const outcome = outcomeOf(this.form.values);
    const counter = counterToday();
    const fees = counterFees(this.form.values);
    const law = lawOf(outcome.law);
    const { draft } = this.form;
    return html`
      <p>${inLanguage(outcome.why)}</p>
      <section class="note">
        <h2>${w("elsewhere.where")}</h2>
        ${counter ? html`<p>${inLanguage(counter)}</p>` : nothing}
        <p>${w("elsewhere.hours", { hours: hoursOf() })}</p>
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
      ${draft.booking("retest").told || expiryState(this.form.values.licence_expiry, today()).test ? html`<db-retest .form=${this.form}></db-retest>` : nothing}
      <db-take-number .draft=${this.form.draft}></db-take-number>
      ${law ? html`<p class="quiet small">${w("elsewhere.law")}: ${law.cite}. ${inLanguage(law)}</p>` : nothing}
      <section class="card noprint" data-code>
        <h2>${w("elsewhere.code")}</h2>
        <p class="large code">${showSlip(draft.slip)}</p>
        <p>${w("elsewhere.code_text")}</p>
        <p><a class="button second" href="/ho-so/${draft.dossier}/nho-giup">${w("elsewhere.lend")}</a></p>
        ${printButtons()}
      </section>
      ${counterSlip(this.form)}
      <p class="quiet noprint">${w("elsewhere.kept")}</p>
      <div class="foot">
        <a class="button second" href="/tro-giup">${w("elsewhere.points")}</a>
      </div>`;
  }
}

customElements.define("db-elsewhere-view", ElsewhereView);
