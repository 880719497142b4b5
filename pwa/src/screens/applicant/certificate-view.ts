import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { readPayload } from "../../capture/payload.ts";
import type { Verdict } from "../../certificate/signed.ts";
import { showDate } from "../../i18n/index.ts";
import { type Answers, classesHeld } from "../../rules/index.ts";
import { trustList } from "../../seal/intake.ts";
import { clockOffset } from "../../sync/state.ts";
import { nameOf } from "../shared/explain.ts";
import type { Form } from "./form.ts";
import "./qr-source.ts";
import { w } from "./words/index.ts";

type Fields = Pick<Answers, "certificate_number" | "certificate_date" | "certificate_class">;
type Read =
  | { readonly kind: "kept" }
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "signed"; readonly verdict: Verdict; readonly differs: readonly string[] }
  | { readonly kind: "other"; readonly text: string };

/**
 * The certificate's QR code above its fields. One that its facility has signed is verified here,
 * without a network; what is no certificate is kept and shown as plain text.
 */
export class CertificateView extends Light {
  static override properties = { form: { attribute: false }, read: { state: true } };
  form!: Form;
  private read: Read | null = null;

  private async take(raw: string): Promise<void> {
    const payload = readPayload(raw);
    if (payload.kind === "signed_certificate") {
      this.read = await this.signed(payload.text);
    } else if (payload.kind === "certificate") {
      const { number, text } = payload;
      this.put(text, { certificate_number: number });
      this.read = { kind: "number", number };
    } else {
      const text = payload.kind === "id_card" ? payload.fields.full_name : payload.text;
      if (payload.kind === "other")
        this.form.put({ "reading.other_qr": { source: "other_qr", text, fields: {} } });
      this.read = { kind: "other", text };
    }
  }

  /** Fills what it says, unless it is forged, illegible or another person's. */
  private async signed(text: string): Promise<Read> {
    const verifier =
      "DecompressionStream" in globalThis
        ? await import("../../certificate/signed.ts").catch(() => null)
        : null;
    if (!verifier) {
      this.put(text, {});
      return { kind: "kept" };
    }
    const { check, differs } = verifier;
    const now = new Date(Date.now() + clockOffset());
    const verdict = await check(text, await trustList(), now);
    const { state, certificate } = verdict;
    const { full_name, date_of_birth } = this.form.values;
    const others = certificate ? differs(certificate, { full_name, date_of_birth }) : [];
    if (certificate && state !== "forged" && others.length === 0) {
      const { number, concluded_on, licence_class } = certificate;
      this.put(text, {
        certificate_number: number,
        certificate_date: concluded_on,
        ...(isNewClass(licence_class) && { certificate_class: licence_class }),
      });
    }
    return { kind: "signed", verdict, differs: others };
  }

  private put(text: string, fields: Fields): void {
    const reading = {
      source: "certificate_qr" as const,
      text,
      fields: { ...fields } as Record<string, string>,
    };
    this.form.put({ ...fields, "reading.certificate_qr": reading });
  }

  protected override render(): TemplateResult {
    return html`
      <db-qr-source .label=${w("certificate.scan")}
        @text=${({ detail }: CustomEvent<string>) => void this.take(detail)}></db-qr-source>
      <div role="status">${this.result()}</div>`;
  }

  private result(): TemplateResult | typeof nothing {
    const { read } = this;
    if (!read) return nothing;
    if (read.kind === "number")
      return html`<p class="note done">${w("certificate.found", { number: read.number })}</p>`;
    if (read.kind === "kept") return html`<p class="note wait">${w("certificate.kept")}</p>`;
    if (read.kind === "signed") return verdictNote(read.verdict, read.differs);
    return html`<div class="note wait"><p>${w("certificate.other")}</p><p><code>${read.text}</code></p></div>`;
  }
}

const isNewClass = (code: string): code is NonNullable<Answers["certificate_class"]> =>
  classesHeld("2025").includes(code);

function verdictNote(verdict: Verdict, differs: readonly string[]): TemplateResult {
  const { state, certificate, facility = "" } = verdict;
  const note = (tone: string, text: string): TemplateResult =>
    html`<p class="note ${tone}" data-verdict=${state}>${text}</p>`;
  if (!certificate) return note("must", w("certificate.illegible"));
  if (state === "forged") return note("must", w("certificate.forged"));
  const { number, concluded_on, full_name } = certificate;
  if (differs.length > 0) {
    const what = differs.map(nameOf).join(", ");
    return note("must", w("certificate.not_yours", { name: full_name, what }));
  }
  const words = { number, date: showDate(concluded_on), facility };
  return state === "valid"
    ? note("done", w("certificate.verified", words))
    : note("wait", w("certificate.unverified", words));
}

customElements.define("db-certificate-view", CertificateView);
