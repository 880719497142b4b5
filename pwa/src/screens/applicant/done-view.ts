import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { showSlip, t } from "../../i18n/index.ts";
import { current } from "../../vault/index.ts";
import { arrived } from "../shared/chip.ts";
import "../shared/sending.ts";
import "../shared/slip-qr.ts";
import type { Form } from "./form.ts";
import { w } from "./words/index.ts";

/** Works without a network: what was written, the slip to show, and how sending goes. */
export class DoneView extends Light {
  static override properties = { form: { attribute: false } };
  form!: Form;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.form.draft.subscribe(() => this.requestUpdate()));
  }

  protected override render(): TemplateResult {
    const { draft } = this.form;
    const sending = draft.sending();
    return html`
      <p>${arrived(sending) ? w("done.arrived") : w("done.text")}</p>
      <db-sending .sending=${sending}></db-sending>
      <section class="card">
        <h2>${w("done.slip")}</h2>
        <p class="large code" data-slip>${showSlip(draft.slip)}</p>
        <db-slip-qr .slip=${draft.slip}></db-slip-qr>
        <p>${w("done.slip_text")}</p>
      </section>
      ${current()?.mode === "borrowed" ? html`<p class="note wait">${w("done.borrowed")}</p>` : nothing}
      <div class="foot">
        <a class="button" href="/ho-so/${draft.dossier}">${w("done.follow")}</a>
        <button class="button second" type="button" @click=${() => window.print()}>${t("app.print")}</button>
      </div>`;
  }
}

customElements.define("db-done-view", DoneView);
