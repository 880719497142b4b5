import data from "@dossier/data/consents.json";
import { html, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { navigate } from "../../app/router.ts";
import { inLanguage, language, t } from "../../i18n/index.ts";
import { certificateNeeded } from "../../rules/index.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { type Form, whyUnsaved } from "./form.ts";
import { DONE, type Values } from "./steps.ts";
import { w } from "./words/index.ts";

type Consent = (typeof data.consents)[number];
/** The last text of each purpose. */
const ASKED = [...new Map(data.consents.map((consent) => [consent.purpose, consent])).values()];

/** What will happen, what is agreed to (nothing ticked beforehand), and the one button. */
export class SendView extends Light {
  static override properties = {
    form: { attribute: false },
    ticked: { state: true },
    troubles: { state: true },
    failure: { state: true },
    busy: { state: true },
  };

  form!: Form;
  private ticked: ReadonlySet<string> = new Set();
  private troubles: readonly Trouble[] = [];
  private failure: string | null = null;
  private busy = false;

  private get consents(): readonly Consent[] {
    const { values } = this.form;
    const facts = {
      certificate: certificateNeeded(values),
      post: values.delivery_method === "post",
    };
    return ASKED.filter(({ when }) => !when || facts[when as keyof typeof facts]);
  }

  protected override render(): TemplateResult {
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <section class="note">
        <h2>${w("send.will")}</h2>
        <ol>
          <li>${w("send.will_1")}</li>
          <li>${w("send.will_2")}</li>
          <li>${w("send.will_3")}</li>
        </ol>
      </section>
      <div @answer=${this.tick}>
        ${this.consents.map((consent) => this.box(consent))}
        <db-field .question=${{ name: "declaration", kind: "check", label: w("send.declaration") }}
          .value=${this.ticked.has("declaration")} .problem=${this.problemOf("declaration")}></db-field>
      </div>
      ${this.failure ? html`<p class="note must" role="alert">${this.failure}</p>` : ""}
      <div class="foot">
        <button class="button" type="button" data-send ?disabled=${this.busy} @click=${this.send}>${w("send.button")}</button>
      </div>`;
  }

  /** Every box that must be ticked, with the words for when it is not. */
  private get wanted(): Trouble[] {
    const consents = this.consents.map(({ purpose, missing_vi, missing_en }) => ({
      field: `consent-${purpose}`,
      text: inLanguage({ vi: missing_vi, en: missing_en }),
    }));
    return [...consents, { field: "declaration", text: w("send.declaration_needed") }];
  }

  private box(consent: Consent): TemplateResult {
    const name = `consent-${consent.purpose}`;
    return html`
      <db-field .question=${{ name, kind: "check", label: inLanguage(consent) }}
        .value=${this.ticked.has(name)} .problem=${this.problemOf(name)}></db-field>
      <details class="why">
        <summary>${w("send.more")}</summary>
        <p>${inLanguage({ vi: consent.more_vi, en: consent.more_en })}</p>
      </details>`;
  }

  private problemOf(name: string): string | null {
    return this.troubles.find(({ field }) => field === name)?.text ?? null;
  }

  private tick({ detail: { name, value } }: CustomEvent<Answered>): void {
    const ticked = new Set(this.ticked);
    if (value) ticked.add(name);
    else ticked.delete(name);
    this.ticked = ticked;
  }

  private readonly send = async (): Promise<void> => {
    const { dossier, submitted } = this.form.draft;
    if (submitted) return navigate(`/ho-so/${dossier}`, { replace: true }); // by another tab
    this.troubles = this.wanted.filter(({ field }) => !this.ticked.has(field));
    if (this.troubles.length > 0) return;
    this.busy = true;
    this.failure = null;
    try {
      this.form.put(this.agreement());
      await this.form.flush();
      await this.form.draft.submit();
      navigate(`/to-khai/${dossier}/${DONE}`, { replace: true });
    } catch (cause) {
      console.error(cause);
      this.failure = whyNotSent(cause);
    } finally {
      this.busy = false;
    }
  };

  private agreement(): Values {
    const now = new Date().toISOString();
    const given: Values = { declared_at: now, language: language() };
    for (const { purpose, version } of this.consents) {
      given[`consent.${purpose}`] = { purpose, version, given_at: now };
    }
    return given;
  }
}

function whyNotSent(cause: unknown): string {
  const code = (cause as { code?: string } | null)?.code;
  if (code === "no_intake_key") return w("send.no_key");
  if (code === "photos_awaited") return w("send.photos_awaited");
  const unsaved = whyUnsaved(cause);
  return unsaved === t("error.unsaved") ? w("send.failed") : unsaved;
}

customElements.define("db-send-view", SendView);
