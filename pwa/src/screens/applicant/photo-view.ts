import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Shot } from "../../capture/camera.ts";
import type { Shape } from "../../capture/frame.ts";
import { fileToJpeg, type Jpeg, NotAPicture } from "../../capture/jpeg.ts";
import type { Hint } from "../../capture/quality.ts";
import type { CameraTrouble } from "../../capture/stream.ts";
import { t as c } from "../../capture/words/index.ts";
import type { PhotoKind } from "../../drafts/index.ts";
import { nameOf } from "../shared/explain.ts";
import { examples } from "./examples.ts";
import { type Form, whyUnsaved } from "./form.ts";
import { w } from "./words/index.ts";

const SHAPES: Readonly<Record<PhotoKind, Shape>> = {
  licence_front: "card",
  licence_back: "card",
  portrait: "portrait",
  health_certificate: "paper",
};
const TEXTS = {
  card: "photo.card_text",
  portrait: "photo.portrait_text",
  paper: "photo.certificate_text",
  qr: "photo.card_text",
} as const;

/** One photo: examples, camera or file, then the stored picture large, to use or take again. */
export class PhotoView extends Light {
  static override properties = {
    form: { attribute: false },
    kind: { attribute: false },
    live: { state: true },
    busy: { state: true },
    shown: { state: true },
    trouble: { state: true },
    hint: { state: true },
  };

  form!: Form;
  kind!: PhotoKind;
  private live = false;
  private busy = false;
  private shown: string | null = null;
  private trouble: string | null = null;
  private hint: Hint | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(() => this.show(null));
    void this.showStored();
  }

  /** What is shown is always what was read back from the store. */
  private async showStored(): Promise<void> {
    const stored = this.form.draft.photos().find(({ kind }) => kind === this.kind);
    try {
      this.show(stored ? await this.form.draft.photo(stored.id) : null);
    } catch (cause) {
      if ((cause as { code?: string }).code !== "not_found") throw cause;
      this.trouble = w("photo.arriving");
    }
  }

  private show(jpeg: Blob | null): void {
    if (this.shown) URL.revokeObjectURL(this.shown);
    this.shown = jpeg && this.isConnected ? URL.createObjectURL(jpeg) : null;
  }

  private async keep(jpeg: Jpeg, hint: Hint | null): Promise<void> {
    this.busy = true;
    this.trouble = null;
    try {
      await this.form.draft.addPhoto(this.kind, jpeg.blob, {
        width: jpeg.width,
        height: jpeg.height,
      });
      this.hint = hint;
      await this.showStored();
      this.live = false;
    } catch (cause) {
      console.error(cause);
      this.trouble = whyUnsaved(cause);
    } finally {
      this.busy = false;
    }
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-use]")?.focus({ preventScroll: true });
  }

  private async pick(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    this.busy = true;
    try {
      await this.keep(await fileToJpeg(file), null);
    } catch (cause) {
      if (!(cause instanceof NotAPicture)) throw cause;
      this.trouble = w("photo.bad_file");
    } finally {
      this.busy = false;
    }
  }

  private async openCamera(): Promise<void> {
    this.trouble = null;
    this.busy = true;
    try {
      await import("../../capture/camera.ts");
      this.live = true;
    } finally {
      this.busy = false;
    }
  }

  protected override render(): TemplateResult {
    if (this.busy) return html`<p class="hintline" role="status">${w("photo.saving")}</p>`;
    if (this.live) return this.camera();
    return this.shown ? this.kept(this.shown) : this.intro();
  }

  private camera(): TemplateResult {
    return html`<db-camera class="fill" .shape=${SHAPES[this.kind]}
      @shot=${({ detail }: CustomEvent<Shot>) => void this.keep(detail, detail.hint)}
      @trouble=${({ detail }: CustomEvent<CameraTrouble>) => this.stop(c(`camera.${detail}`))}
      @close=${() => this.stop(null)}></db-camera>`;
  }

  private stop(trouble: string | null): void {
    this.live = false;
    this.trouble = trouble;
  }

  private intro(): TemplateResult {
    return html`
      <p>${w(TEXTS[SHAPES[this.kind]])}</p>
      ${examples(SHAPES[this.kind])}
      ${this.troubleNote()}
      <div class="foot">
        <button class="button" type="button" data-camera @click=${this.openCamera}>${w("photo.open")}</button>
        ${this.filePick()}
      </div>`;
  }

  private kept(url: string): TemplateResult {
    const doubt =
      this.hint && ["blurred", "dark", "bright", "glare", "cut"].includes(this.hint)
        ? this.hint
        : null;
    return html`
      <img class="shot" src=${url} alt=${w("photo.alt_kept", { what: nameOf(`photo:${this.kind}`) })} />
      ${
        doubt
          ? html`<p class="note wait">${w("photo.warn", { what: w(`photo.warn_${doubt as "blurred"}`) })}</p>`
          : html`<p class="saved">✓ ${w("photo.kept")}</p>`
      }
      ${this.troubleNote()}
      <db-reading .form=${this.form} .photo=${this.kind} tick></db-reading>
      <div class="foot">
        <button class="button" type="button" data-use data-next @click=${() => this.dispatchEvent(new Event("done"))}>
          ${w("photo.use")}
        </button>
        <button class="button second" type="button" data-again @click=${this.openCamera}>${w("photo.again")}</button>
        ${this.filePick()}
      </div>`;
  }

  private filePick(): TemplateResult {
    return html`<label class="button second filepick">
      ${w("photo.file")}
      <input type="file" accept="image/*" data-file @change=${this.pick} />
    </label>`;
  }

  private troubleNote(): TemplateResult | typeof nothing {
    return this.trouble ? html`<p class="note must" role="alert">${this.trouble}</p>` : nothing;
  }
}

customElements.define("db-photo-view", PhotoView);
