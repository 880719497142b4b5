import { html, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { nameOf } from "../shared/explain.ts";
import type { Crop, DeskPhoto } from "./model.ts";
import { around, type Box } from "./viewport.ts";
import { o } from "./words/index.ts";

const HIGHEST = 96;
const LARGEST = 3;

/** The place on a photo where a field was read; a tap shows it on the whole photo. */
export class PhotoCrop extends Light {
  static override properties = {
    photo: { attribute: false },
    crop: { attribute: false },
    url: { attribute: false },
    name: { attribute: false },
  };

  photo!: DeskPhoto;
  crop!: Crop;
  url: string | null = null;
  /** Of the field, for who does not see it. */
  name = "";
  private readonly sized = new ResizeObserver(() => this.place());

  override connectedCallback(): void {
    super.connectedCallback();
    this.sized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sized.disconnect();
  }

  protected override updated(): void {
    this.place();
  }

  /** By the pixels that the browser shows, upright: a phone's note of its size may be another. */
  private place(): void {
    const img = this.querySelector("img");
    const window = img?.parentElement;
    if (!img || !window || img.naturalWidth === 0) return;
    const shown = around(this.crop.box, { width: img.naturalWidth, height: img.naturalHeight });
    const scale = Math.min(this.clientWidth / shown.width, HIGHEST / shown.height, LARGEST);
    cut(window, img, shown, scale);
  }

  private readonly see = (): void => {
    this.dispatchEvent(new CustomEvent<Crop>("see", { detail: this.crop, bubbles: true }));
  };

  protected override render(): TemplateResult {
    if (!this.url) return html`<span class="about" role="status">${o("photos.loading")}</span>`;
    const photo = nameOf(`photo:${this.photo.kind}`);
    return html`<button type="button" class="cropped" data-crop @click=${this.see}>
      <span class="cut"><img src=${this.url} alt=${o("crop.alt", { field: this.name, photo })}
        draggable="false" decoding="async" @load=${this.place} /></span>
      <span class="about">${o("crop.see", { photo })}</span>
    </button>`;
  }
}

/** Sizes are set from script: the page's policy takes no inline styles. */
function cut(window: HTMLElement, img: HTMLImageElement, shown: Box, scale: number): void {
  window.style.width = `${shown.width * scale}px`;
  window.style.height = `${shown.height * scale}px`;
  img.style.width = `${img.naturalWidth * scale}px`;
  img.style.transform = `translate(${-shown.x * scale}px, ${-shown.y * scale}px)`;
}

customElements.define("db-crop", PhotoCrop);
