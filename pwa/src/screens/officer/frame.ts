import { html, type PropertyValues, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { nameOf } from "../shared/explain.ts";
import type { DeskPhoto } from "./model.ts";
import {
  FIT,
  fitted,
  held,
  moved,
  onto,
  type Read,
  type Size,
  STEP,
  turned,
  type View,
  zoomed,
} from "./viewport.ts";
import { o } from "./words/index.ts";

const PAN = 60;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [PAN, 0],
  ArrowRight: [-PAN, 0],
  ArrowUp: [0, PAN],
  ArrowDown: [0, -PAN],
};

/** One photo with zoom (wheel, buttons, + − 0), turn (R) and moving (drag, arrows). */
export class PhotoFrame extends Light {
  static override properties = {
    photo: { attribute: false },
    url: { attribute: false },
    view: { state: true },
  };

  photo!: DeskPhoto;
  url: string | null = null;
  private view: View = FIT;
  private dragging: { x: number; y: number } | null = null;
  private readonly sized = new ResizeObserver(() => this.place());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sized.disconnect();
  }

  zoomBy(factor: number): void {
    this.look(zoomed(this.view, factor));
  }

  fit(): void {
    this.look({ ...FIT, turn: this.view.turn });
  }

  /** Brings the place where something was read to the middle. */
  see(box: Read): void {
    this.view = onto(box, this.photo, this.frameSize);
  }

  turn(): void {
    this.look(turned(this.view));
  }

  protected override firstUpdated(): void {
    const box = this.box;
    if (!box) return;
    this.sized.observe(box);
    box.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("photo")) this.view = FIT;
  }

  /** Sizes are set from script: the page's policy takes no inline styles. */
  protected override updated(): void {
    this.place();
  }

  private get box(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".viewport");
  }

  private get frameSize(): Size {
    return { width: this.box?.clientWidth || 1, height: this.box?.clientHeight || 1 };
  }

  private look(view: View): void {
    this.view = held(view, this.photo, this.frameSize);
  }

  private place(): void {
    const img = this.querySelector("img");
    if (!img) return;
    const { zoom, x, y, turn } = this.view;
    const seen = fitted(this.photo, this.frameSize, turn);
    const lying = turn % 180 !== 0;
    img.style.width = `${lying ? seen.height : seen.width}px`;
    img.style.height = `${lying ? seen.width : seen.height}px`;
    img.style.transform = `translate(-50%, -50%) translate(${x}px, ${y}px) scale(${zoom}) rotate(${turn}deg)`;
  }

  protected override render(): TemplateResult {
    const name = nameOf(`photo:${this.photo.kind}`);
    return html`
      <div class="viewport" tabindex="0" role="group" aria-label=${o("photos.moves", { photo: name })}
        @keydown=${this.onKey} @pointerdown=${this.onGrab} @pointermove=${this.onDrag}
        @pointerup=${this.onDrop} @pointercancel=${this.onDrop} @dblclick=${() => this.zoomBy(2)}>
        ${
          this.url
            ? html`<img src=${this.url} alt=${name} draggable="false" decoding="async" />`
            : html`<p role="status">${o("photos.loading")}</p>`
        }
      </div>
      <div class="tools" role="group" aria-label=${o("photos.tools", { photo: name })}>
        ${this.tool("photos.smaller", "−", () => this.zoomBy(1 / STEP))}
        <output class="number">${Math.round(this.view.zoom * 100)}%</output>
        ${this.tool("photos.larger", "+", () => this.zoomBy(STEP))}
        ${this.tool("photos.fit", "0", () => this.fit())}
        ${this.tool("photos.turn", "R", () => this.turn())}
      </div>`;
  }

  private tool(
    label: "photos.smaller" | "photos.larger" | "photos.fit" | "photos.turn",
    key: string,
    run: () => void,
  ): TemplateResult {
    return html`<button type="button" class="tool" @click=${run}>${o(label)} <kbd>${key}</kbd></button>`;
  }

  private onWheel(event: WheelEvent): void {
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const point = {
      x: event.clientX - box.left - box.width / 2,
      y: event.clientY - box.top - box.height / 2,
    };
    this.look(zoomed(this.view, event.deltaY < 0 ? STEP : 1 / STEP, point));
  }

  private onKey(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key];
    if (!arrow || this.view.zoom === 1) return;
    event.preventDefault();
    event.stopPropagation();
    this.look(moved(this.view, ...arrow));
  }

  private onGrab(event: PointerEvent): void {
    if (event.button !== 0 || this.view.zoom === 1) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.dragging = { x: event.clientX, y: event.clientY };
  }

  private onDrag(event: PointerEvent): void {
    if (!this.dragging) return;
    this.look(moved(this.view, event.clientX - this.dragging.x, event.clientY - this.dragging.y));
    this.dragging = { x: event.clientX, y: event.clientY };
  }

  private onDrop(): void {
    this.dragging = null;
  }
}

customElements.define("db-photo-frame", PhotoFrame);
