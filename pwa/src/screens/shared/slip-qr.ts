import { html, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { showSlip } from "../../i18n/index.ts";
import "./qr-picture.ts";

/** A slip's QR code: the address of the follow page with the slip code behind the "#". */
export class SlipQr extends Light {
  static override properties = { slip: { attribute: false } };
  slip = "";

  protected override render(): TemplateResult {
    return html`<db-qr-picture .text=${`${location.origin}/theo-doi#${this.slip}`}
      .label=${showSlip(this.slip)}></db-qr-picture>`;
  }
}

customElements.define("db-slip-qr", SlipQr);
