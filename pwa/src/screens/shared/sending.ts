import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { SendingState } from "../../drafts/index.ts";
import { sendingChip, sendingWords } from "./chip.ts";

/** The sending state with its bar; "n of m" counts durable receipts, not bytes sent off. */
export class Sending extends Light {
  static override properties = { sending: { attribute: false } };
  sending!: SendingState;

  protected override render(): TemplateResult {
    const { state, sent, total } = this.sending;
    return html`<p>${sendingChip(this.sending)}</p>
      ${
        state === "sending" && total > 0
          ? html`<progress class="thick" max=${total} value=${sent} aria-label=${sendingWords(this.sending)}></progress>`
          : nothing
      }`;
  }
}

customElements.define("db-sending", Sending);
