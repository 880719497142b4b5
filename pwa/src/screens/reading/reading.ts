import data from "@dossier/data/purposes.json";
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Light } from "../../app/light.ts";
import { inLanguage, t, wordsReady } from "../../i18n/index.ts";
import type { Ask } from "../applicant/asks.ts";
import { questionOf, showAnswer } from "../applicant/asks.ts";
import { type Form, whyUnsaved } from "../applicant/form.ts";
import { stepFor, way } from "../applicant/steps.ts";
import { w } from "../applicant/words/index.ts";
import { explain, nameOf, wordOf } from "../shared/explain.ts";
import { showTyped } from "../shared/kinds.ts";
import { type Offer, offersOf } from "./offers.ts";
import { r } from "./words/index.ts";

const PURPOSE = "read_photos";
/** The last text of the purpose. */
const TEXT = data.consents.findLast(({ purpose }) => purpose === PURPOSE);

/**
 * The tick by which photos are read at the server before sending, and what was read so far.
 * `tick`: with the tick; `asks`: offers for these questions, all of the way when it is null.
 * `photo`: on the page of this photo, which may have to be taken again; no offers.
 */
export class Reading extends Light {
  static override properties = {
    form: { attribute: false },
    asks: { attribute: false },
    photo: { attribute: false },
    tick: { type: Boolean },
    problem: { state: true },
    wanted: { state: true },
    brought: { state: true },
  };

  form!: Form;
  asks: readonly Ask[] | null = null;
  photo: string | null = null;
  tick = false;
  private problem: string | null = null;
  /** While what was ticked just now is being kept. */
  private wanted: boolean | null = null;
  private brought = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.form.draft.subscribe(() => this.requestUpdate()));
    void wordsReady().then(() => this.requestUpdate());
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.form.draft.submitted) return nothing;
    return html`${this.tick ? this.box() : nothing}${this.photo ? nothing : this.offered()}`;
  }

  private get on(): boolean {
    return this.form.values[`ui.${PURPOSE}`] !== undefined;
  }

  private box(): TemplateResult | typeof nothing {
    if (!TEXT) return nothing;
    return html`<div class="field" data-reading>
      <label class="choice">
        <input type="checkbox" id="read-photos" autocomplete="off" .checked=${live(this.wanted ?? this.on)}
          ?disabled=${this.wanted !== null} @change=${this.toggle} />
        <span>${inLanguage(TEXT)}</span>
      </label>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.on ? html`<p class="quiet" role="status" data-read>${this.progress()}</p>${this.retakes()}` : nothing}
      <details class="why">
        <summary>${r("more")}</summary>
        <p>${inLanguage({ vi: TEXT.more_vi, en: TEXT.more_en })}</p>
      </details>
      ${this.on && !this.photo ? this.openings() : nothing}
    </div>`;
  }

  /** Needs the server, so it is brought when it is wanted. */
  private openings(): TemplateResult {
    return html`<details class="why" data-openings @toggle=${() => void this.bring()}>
      <summary>${w("dossier.openings")}</summary>
      <div>${this.brought ? html`<db-openings dossier=${this.form.draft.dossier} draft></db-openings>` : nothing}</div>
    </details>`;
  }

  private async bring(): Promise<void> {
    this.problem = null;
    try {
      await import("../openings/openings.ts");
      this.brought = true;
    } catch {
      this.problem = t("error.offline");
    }
  }

  private progress(): string {
    const { draft } = this.form;
    const read = draft.told()?.photos_read;
    if (!read) return r(draft.unfulfilled() ? "refused" : "waiting");
    const photos = draft.photos().map(({ id }) => id);
    const n = photos.filter((id) => read.includes(id)).length;
    return n > 0 ? r("read", { n, of: photos.length }) : r("waiting");
  }

  /** Which photo should be taken again, why and how; with the way to it from another page. */
  private retakes(): TemplateResult[] {
    const { draft, values } = this.form;
    const here = new Set(draft.photos().map(({ id }) => id));
    return (draft.told()?.retakes ?? [])
      .filter(({ id, photo }) => here.has(id) && (this.photo ?? photo) === photo)
      .map(({ photo, problem }) => {
        const step = this.photo ? null : way(values).find((one) => one.photo === photo);
        return html`<p class="note wait" role="status" data-retake=${photo}>${explain(problem, `photo:${photo}`)}
          ${step ? html`<a href="/to-khai/${draft.dossier}/${step.id}?sua=1">${w("photo.again")}</a>` : nothing}</p>`;
      });
  }

  /** The server is told first: what is shown as ticked was asked for. */
  private readonly toggle = async (event: Event): Promise<void> => {
    const { checked } = event.target as HTMLInputElement;
    const { draft } = this.form;
    const version = TEXT?.version ?? "";
    this.wanted = checked;
    this.problem = null;
    try {
      if (checked) await draft.wish(PURPOSE, { version });
      else await draft.wish("withdraw_consent", { purpose: PURPOSE });
      await draft.set(`ui.${PURPOSE}`, checked ? version : undefined);
    } catch (cause) {
      const { code } = (cause ?? {}) as { code?: string };
      this.problem = code === "no_intake_key" ? r("no_key") : whyUnsaved(cause);
    } finally {
      this.wanted = null;
    }
  };

  private offered(): TemplateResult | typeof nothing {
    const { form, asks } = this;
    const readings = this.on ? form.draft.told()?.readings : undefined;
    const all = asks ?? way(form.values).flatMap((step) => step.asks ?? []);
    const standing = all.filter((ask) => ask.when?.(form.values) ?? true);
    const found = offersOf(readings ?? [], form.draft.photos(), form.values, standing);
    const shown = asks ? found : found.filter(({ match }) => match !== "same");
    if (shown.length === 0) return nothing;
    return html`<section class="note" data-offers>
      <h2>${r("title")}</h2>
      ${shown.map((offer) => this.line(offer))}
    </section>`;
  }

  private line(offer: Offer): TemplateResult {
    const { ask, match, source, sure } = offer;
    const words = { what: nameOf(ask.name), source: wordOf(source), value: this.shown(offer) };
    return html`<div data-offer=${ask.name} data-match=${match}>
      <p>${match === "same" ? "✓ " : ""}${r(match, words)}${match === "empty" && !sure ? html`<br />${r("unsure")}` : nothing}</p>
      ${
        match === "empty"
          ? html`<p><button class="button second" type="button" @click=${() => this.fill(offer)}>${r("fill")}<span class="visually-hidden"> ${words.what}</span></button></p>`
          : nothing
      }
    </div>`;
  }

  private shown({ ask, value }: Offer): string {
    const values = { ...this.form.values, [ask.name]: value };
    return showTyped(
      questionOf(ask, values),
      showAnswer(ask, values, (code) => code),
    );
  }

  /** What follows from the answer is put in as the page's own button would. */
  private fill({ ask, value }: Offer): void {
    const { form } = this;
    form.answer(ask.name, value);
    const derive = stepFor(ask.name)?.derive;
    if (derive) form.put(derive(form.values));
    void form.flush().catch(() => undefined); // the page says so where "Đã lưu trên máy" would be
    this.requestUpdate();
  }
}

customElements.define("db-reading", Reading);
