import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { Light } from "../../app/light.ts";
import { inLanguage, t } from "../../i18n/index.ts";
import { ApiError } from "../../identity/index.ts";
import { nameOf } from "../shared/explain.ts";
import { PhotoBytes } from "./bytes.ts";
import type { PhotoFrame } from "./frame.ts";
import "./frame.ts";
import type { Crop, DeskPhoto } from "./model.ts";
import { type OfficerKey, o } from "./words/index.ts";

const SHORT: Readonly<Record<string, OfficerKey>> = {
  licence_front: "photo.licence_front",
  licence_back: "photo.licence_back",
  portrait: "photo.portrait",
  health_certificate: "photo.health_certificate",
};
const KINDS = Object.keys(SHORT);

const shortName = (kind: string): string => {
  const words = SHORT[kind];
  return words ? o(words) : nameOf(`photo:${kind}`);
};

/** Where the bytes of a dossier's photos lie, by photo, as far as they came. */
export interface Loaded {
  readonly dossier: string;
  readonly urls: ReadonlyMap<string, string>;
}

/** The licence first, then the person, then other papers. */
export const inOrder = (photos: readonly DeskPhoto[]): DeskPhoto[] =>
  [...photos].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));

/** A dossier's photos: one large or two side by side, each zoomed and turned by itself. */
export class PhotosPane extends Light {
  static override properties = {
    dossier: { attribute: false },
    photos: { attribute: false },
    chosen: { state: true },
    beside: { state: true },
    urls: { state: true },
    problems: { state: true },
  };

  dossier = "";
  photos: readonly DeskPhoto[] = [];
  private chosen: string | null = null;
  private beside: string | null = null;
  private urls: ReadonlyMap<string, string> = new Map();
  private problems: ReadonlyMap<string, string> = new Map();
  private bytes: PhotoBytes | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.bytes?.close();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("dossier")) return;
    this.bytes?.close();
    this.urls = new Map();
    this.problems = new Map();
    this.beside = null;
    this.chosen = this.photos[0]?.id ?? null;
    void this.loadAll(new PhotoBytes(this.dossier), this.photos);
  }

  /** One after the other: the first is seen at once, also on a slow line. */
  private async loadAll(bytes: PhotoBytes, photos: readonly DeskPhoto[]): Promise<void> {
    this.bytes = bytes;
    for (const { id } of photos) await this.loadOne(bytes, id);
  }

  private async loadOne(bytes: PhotoBytes, id: string): Promise<void> {
    try {
      const url = await bytes.load(id);
      if (bytes !== this.bytes) return;
      this.urls = new Map(this.urls).set(id, url);
      const detail: Loaded = { dossier: this.dossier, urls: this.urls };
      this.dispatchEvent(new CustomEvent("loaded", { detail, bubbles: true }));
    } catch (cause) {
      if (bytes !== this.bytes || (cause as Error).name === "AbortError") return;
      const words = cause instanceof ApiError ? inLanguage(cause.text) : t("error.offline");
      this.problems = new Map(this.problems).set(id, words);
    }
  }

  /** Chooses the nth photo, counted from 0. */
  choose(n: number): void {
    const photo = this.photos[n];
    if (photo) this.chosen = photo.id;
  }

  /** The whole photo, with the place of a reading in the middle. */
  async see({ photo, box }: Crop): Promise<void> {
    this.chosen = photo;
    await this.updateComplete;
    await this.frame?.updateComplete;
    this.frame?.see(box);
    this.frame?.scrollIntoView({ block: "nearest" });
  }

  toggleBeside(): void {
    this.beside = this.beside
      ? null
      : (this.photos.find(({ id }) => id !== this.chosen)?.id ?? null);
  }

  get frame(): PhotoFrame | null {
    return this.querySelector<PhotoFrame>("db-photo-frame");
  }

  protected override render(): TemplateResult {
    if (this.photos.length === 0) return html`<p>${o("photos.none")}</p>`;
    const shown = [this.chosen, this.beside].flatMap(
      (id) => this.photos.find((photo) => photo.id === id) ?? [],
    );
    return html`
      <div class="strip" role="group" aria-label=${o("photos.title")}>
        ${this.photos.map((photo, n) => this.tab(photo, n))}
        <button type="button" class="tool" aria-pressed=${this.beside !== null} ?disabled=${this.photos.length < 2}
          @click=${this.toggleBeside}>${o("photos.beside")} <kbd>S</kbd></button>
      </div>
      <div class="frames ${shown.length > 1 ? "two" : ""}">
        ${repeat(
          shown,
          ({ id }) => id,
          (photo, place) => this.framed(photo, place),
        )}
      </div>`;
  }

  private tab({ id, kind }: DeskPhoto, n: number): TemplateResult {
    return html`<button type="button" class="tool" aria-pressed=${id === this.chosen} data-photo=${kind}
      @click=${() => this.choose(n)}>${shortName(kind)} <kbd>${n + 1}</kbd></button>`;
  }

  private framed(photo: DeskPhoto, place: number): TemplateResult {
    const problem = this.problems.get(photo.id);
    return html`<figure>
      ${
        problem
          ? html`<p class="note must" role="alert">${problem}
              <button class="textbutton" type="button" @click=${() => this.again(photo.id)}>${t("app.retry")}</button></p>`
          : html`<db-photo-frame .photo=${photo} .url=${this.urls.get(photo.id) ?? null}></db-photo-frame>`
      }
      ${place === 1 ? this.otherChoice(photo) : nothing}
    </figure>`;
  }

  private again(id: string): void {
    const problems = new Map(this.problems);
    problems.delete(id);
    this.problems = problems;
    if (this.bytes) void this.loadOne(this.bytes, id);
  }

  private otherChoice({ id }: DeskPhoto): TemplateResult {
    return html`<figcaption>
      <label>${o("photos.beside")}
        <select class="input" @change=${(event: Event) => {
          this.beside = (event.target as HTMLSelectElement).value;
        }}>
          ${this.photos
            .filter((photo) => photo.id !== this.chosen)
            .map(
              (photo) =>
                html`<option value=${photo.id} ?selected=${photo.id === id}>${nameOf(`photo:${photo.kind}`)}</option>`,
            )}
        </select>
      </label>
    </figcaption>`;
  }
}

customElements.define("db-photos", PhotosPane);
