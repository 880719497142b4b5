import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { navigate } from "../../app/router.ts";
import { type IdCard, readPayload } from "../../capture/payload.ts";
import { showDate } from "../../i18n/index.ts";
import type { Form } from "./form.ts";
import "./qr-source.ts";
import type { Values } from "./steps.ts";
import { w } from "./words/index.ts";

/** The ID card's QR code, or typing. Only the fields are kept, never the code's own text. */
export class ScanView extends Light {
  static override properties = { form: { attribute: false }, other: { state: true } };
  form!: Form;
  private other: string | null = null;

  private async take(text: string): Promise<void> {
    const payload = readPayload(text);
    if (payload.kind !== "id_card") {
      this.other = payload.text;
      return;
    }
    this.form.put(fromCard(payload.fields));
    this.dispatchEvent(new Event("done"));
  }

  protected override render(): TemplateResult {
    return html`
      <p>${w("id.text")}</p>
      ${
        this.other === null
          ? nothing
          : html`<div class="note must" role="alert"><p>${w("id.other")}</p><p><code>${this.other}</code></p></div>`
      }
      <db-qr-source .label=${w("id.scan")}
        @text=${({ detail }: CustomEvent<string>) => void this.take(detail)}></db-qr-source>
      <div class="foot">
        <button class="button second" type="button" data-type @click=${this.byHand}>${w("id.type")}</button>
      </div>`;
  }

  /** What an earlier scan gave stays; only the question "is it you" is passed over. */
  private byHand(): void {
    navigate(`/to-khai/${this.form.draft.dossier}/ban-than`);
  }
}

/** "Is it you": the name and the birth date large, before anything of the card is believed. */
export class PersonView extends Light {
  static override properties = { form: { attribute: false } };
  form!: Form;

  private async refuse(): Promise<void> {
    const read = this.form.values["reading.id_card_qr"]?.fields ?? {};
    const cleared = Object.fromEntries(
      Object.keys(fromFields(read)).map((name) => [name, undefined]),
    );
    this.form.put({ ...cleared, "reading.id_card_qr": undefined });
    await this.form.flush();
    navigate(`/to-khai/${this.form.draft.dossier}/can-cuoc`, { replace: true });
  }

  protected override render(): TemplateResult {
    const { full_name = "", date_of_birth = "" } =
      this.form.values["reading.id_card_qr"]?.fields ?? {};
    return html`
      <p class="large">${full_name}</p>
      <p class="large">${w("person.born", { date: showDate(date_of_birth) })}</p>
      <div class="foot">
        <button class="button" type="button" data-next @click=${() => this.dispatchEvent(new Event("done"))}>${w("person.yes")}</button>
        <button class="button second" type="button" @click=${() => void this.refuse()}>${w("person.no")}</button>
      </div>`;
  }
}

function fromCard(card: IdCard): Values {
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(card)) if (value) fields[name] = value;
  return { ...fromFields(fields), "reading.id_card_qr": { source: "id_card_qr", fields } };
}

/** The answers among a card's fields. */
function fromFields(fields: Readonly<Record<string, string>>): Values {
  const { identity_number, full_name, date_of_birth, sex, residence_legacy } = fields;
  return {
    identity_number,
    full_name,
    date_of_birth,
    sex: sex as Values["sex"],
    residence_legacy,
  };
}

customElements.define("db-scan-view", ScanView);
customElements.define("db-person-view", PersonView);
