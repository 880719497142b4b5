import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { readPayload } from "../../capture/payload.ts";
import type { Form } from "./form.ts";
import "./qr-source.ts";
import { w } from "./words/index.ts";

/** The certificate's QR code above its fields. What is no number is kept and shown as plain text. */
export class CertificateView extends Light {
  static override properties = { form: { attribute: false }, read: { state: true } };
  form!: Form;
  private read: ReturnType<typeof readPayload> | null = null;

  private take(raw: string): void {
    const payload = readPayload(raw);
    this.read = payload;
    if (payload.kind === "certificate") {
      const { number, text } = payload;
      const reading = {
        source: "certificate_qr" as const,
        text,
        fields: { certificate_number: number },
      };
      this.form.put({ certificate_number: number, "reading.certificate_qr": reading });
    } else if (payload.kind !== "id_card") {
      this.form.put({ "reading.other_qr": { source: "other_qr", text: payload.text, fields: {} } });
    }
  }

  protected override render(): TemplateResult {
    return html`
      <db-qr-source .label=${w("certificate.scan")}
        @text=${({ detail }: CustomEvent<string>) => this.take(detail)}></db-qr-source>
      <div role="status">${this.result()}</div>`;
  }

  private result(): TemplateResult | typeof nothing {
    if (!this.read) return nothing;
    if (this.read.kind === "certificate") {
      return html`<p class="note done">${w("certificate.found", { number: this.read.number })}</p>`;
    }
    const text = "text" in this.read ? this.read.text : this.read.fields.full_name;
    return html`<div class="note wait"><p>${w("certificate.other")}</p><p><code>${text}</code></p></div>`;
  }
}

customElements.define("db-certificate-view", CertificateView);
