import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { Light } from "../app/light.ts";
import { isMuted, mute, say } from "../app/voice.ts";
import { language } from "../i18n/index.ts";
import { frameIn, type Shape, widen } from "./frame.ts";
import { type Area, type Jpeg, type Size, toJpeg } from "./jpeg.ts";
import { type Hint, judge, luma, measure, movement } from "./quality.ts";
import { CameraError, type CameraTrouble, closeCamera, openCamera } from "./stream.ts";
import thresholds from "./thresholds.json";
import type { Look } from "./whole.ts";
import { type Key, t } from "./words/index.ts";

/** Set where the person wants to press the button alone. */
const BY_HAND = "doibang.camera.by_hand";

type Place = Pick<Area, "x" | "y">;

export interface Shot extends Jpeg {
  /** The last word of the checks on the picture that was taken. */
  readonly hint: Hint;
}

/**
 * The camera in the page: live picture, guide frame, one line of advice. Takes the picture by
 * itself when it was good for a moment, or by the button. Emits `shot` (detail: Shot), `trouble`
 * (detail: CameraTrouble) and `close`. Stops the camera when it leaves the page.
 */
export class Camera extends Light {
  static override properties = {
    shape: { attribute: false },
    stream: { state: true },
    hint: { state: true },
  };

  shape: Shape = "card";
  private stream: MediaStream | null = null;
  private hint: Hint | null = null;
  private facing: "environment" | "user" = "environment";
  private good = 0;
  private taken = false;
  private lastLook: Uint8Array | null = null;
  private canvas: OffscreenCanvas | null = null;
  /** Of a card alone; null until that part of the app is here. */
  private isWhole: ((look: Look) => boolean) | null = null;
  private told: Key | null = null;
  private toldAt = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.open();
    if (this.shape === "card") void this.learnEdges();
    this.timer = setInterval(() => this.look(), thresholds.look_every_ms);
    this.until(() => clearInterval(this.timer));
    this.until(() => this.shut());
    this.tell(`camera.place_${this.shape}`);
  }

  /** Without it the camera judges the rest, as for paper. */
  private async learnEdges(): Promise<void> {
    try {
      this.isWhole = (await import("./whole.ts")).wholeCard;
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause; // not fetched while there was a network
    }
  }

  /** Aloud what the line says; one that goes on is said again after a while, none cuts another. */
  private tell(line: Key): void {
    const now = performance.now();
    const again = line === this.told ? thresholds.remind_again_ms : thresholds.remind_ms;
    if (isMuted() || now - this.toldAt < again) return;
    this.told = line;
    this.toldAt = now;
    void say(line.replace(".", "-"));
  }

  private get video(): HTMLVideoElement | null {
    return this.querySelector("video");
  }

  private async open(): Promise<void> {
    try {
      const stream = await openCamera(this.facing);
      if (!this.isConnected) return closeCamera(stream);
      this.stream = stream;
    } catch (cause) {
      if (!(cause instanceof CameraError)) throw cause;
      this.dispatchEvent(new CustomEvent<CameraTrouble>("trouble", { detail: cause.code }));
    }
  }

  private shut(): void {
    closeCamera(this.stream);
    this.stream = null;
  }

  protected override updated(changed: PropertyValues): void {
    const video = this.video;
    if (!changed.has("stream") || !video || !this.stream) return;
    video.srcObject = this.stream;
    void video.play();
  }

  private look(): void {
    const video = this.video;
    if (!video?.videoWidth) return;
    const hint = this.judgeNow(video);
    if (hint === this.hint && hint !== "moving") this.tell(adviceOn(hint)); // two looks agree
    this.hint = hint;
    this.good = hint === "good" ? this.good + 1 : 0;
    if (this.good >= thresholds.good_looks_to_shoot && !byHand()) void this.shoot();
  }

  private judgeNow(video: HTMLVideoElement): Hint {
    const frame = frameIn({ width: video.videoWidth, height: video.videoHeight }, this.shape);
    const width = thresholds.measure_width;
    const scale = width / frame.width;
    const height = Math.round(frame.height * scale);
    const x = Math.round(width * thresholds.edge_margin);
    const y = Math.round(height * thresholds.edge_margin);
    const look = this.draw(video, { x: frame.x - x / scale, y: frame.y - y / scale }, scale, {
      width: width + 2 * x,
      height: height + 2 * y,
    });
    const grey = luma(look, { x, y, width, height });
    const moved = this.lastLook?.length === grey.length ? movement(this.lastLook, grey) : 0;
    this.lastLook = grey;
    const whole = this.isWhole?.(look);
    return judge(measure(grey, width, height), moved, this.shape === "card", whole);
  }

  /** What lies around the frame, small. Not smoothed: that would take longer than all the rest. */
  private draw(video: HTMLVideoElement, from: Place, scale: number, size: Size): ImageData {
    const { width, height } = size;
    if (this.canvas?.height !== height) this.canvas = new OffscreenCanvas(width, height);
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error("no canvas to look at the picture");
    context.imageSmoothingEnabled = false;
    const seen = [width / scale, height / scale] as const;
    context.drawImage(video, from.x, from.y, ...seen, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }

  private readonly shoot = async (): Promise<void> => {
    const video = this.video;
    if (!video?.videoWidth || this.taken) return;
    this.taken = true; // the button and the eye may come at once
    clearInterval(this.timer);
    const hint = this.judgeNow(video);
    const size = { width: video.videoWidth, height: video.videoHeight };
    const area = widen(frameIn(size, this.shape), thresholds.card_margin, size);
    const jpeg = await toJpeg(video, area);
    this.shut();
    if (!isMuted()) void say("camera-taken");
    this.dispatchEvent(new CustomEvent<Shot>("shot", { detail: { ...jpeg, hint } }));
  };

  private turn(): void {
    this.shut();
    this.facing = this.facing === "environment" ? "user" : "environment";
    void this.open();
  }

  protected override render(): TemplateResult {
    if (!this.stream) return html`<p class="hintline" role="status">${t("camera.opening")}</p>`;
    return html`
      <div class="camera">
        <video muted playsinline autoplay aria-label=${t("camera.live")} @loadedmetadata=${() => this.requestUpdate()}></video>
        ${this.guide()}
      </div>
      <p class="hintline" role="status">${this.icon()} ${this.advice()}</p>
      <div class="foot">
        <button class="button" type="button" data-shoot @click=${this.shoot}>${t("camera.shoot")}</button>
        <div class="row">
          <button class="button second" type="button" @click=${this.turn}>${t("camera.turn")}</button>
          <button class="button second" type="button" @click=${() => this.dispatchEvent(new Event("close"))}>${t("camera.close")}</button>
        </div>
      </div>
      <div class="switches">
        ${this.toggle("camera.auto", !byHand(), setAuto)}
        ${language() === "vi" ? this.toggle("camera.speak", !isMuted(), (on) => mute(!on)) : nothing}
      </div>`;
  }

  private toggle(label: Key, on: boolean, turn: (on: boolean) => void): TemplateResult {
    return html`<label class="switch"><input type="checkbox" data-toggle=${label} .checked=${on}
      @change=${(event: Event) => turn((event.target as HTMLInputElement).checked)} />${t(label)}</label>`;
  }

  private advice(): string {
    if (this.hint === null) return t(`camera.place_${this.shape}`);
    return t(adviceOn(this.hint));
  }

  private icon(): TemplateResult {
    return svg`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${ICONS[this.hint ?? "cut"]}></path></svg>`;
  }

  private guide(): TemplateResult | typeof nothing {
    const { videoWidth: width = 0, videoHeight: height = 0 } = this.video ?? {};
    if (!width) return nothing;
    const { x, y, width: w, height: h } = frameIn({ width, height }, this.shape);
    return html`<svg class="guide ${this.hint === "good" ? "good" : ""}" viewBox="0 0 ${width} ${height}"
      preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      ${svg`<path class="shade" fill-rule="evenodd" d="M0 0h${width}v${height}H0z M${x} ${y}v${h}h${w}v${-h}z"></path>
        <rect class="edge" x=${x} y=${y} width=${w} height=${h} rx=${w * 0.03}></rect>`}
    </svg>`;
  }
}

const SUN =
  "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 1v3M12 20v3M1 12h3M20 12h3M4 4l2 2M18 18l2 2M4 20l2-2M18 6l2-2";
/** Beside the words, for whom a picture is quicker. */
const ICONS: Readonly<Record<Hint, string>> = {
  dark: "M20 14A9 9 0 1 1 10 4a7 7 0 0 0 10 10z",
  bright: SUN,
  glare: SUN,
  blurred: "M3 8q4-4 9 0t9 0M3 15q4-4 9 0t9 0",
  moving: "M8 5v14M16 5v14",
  cut: "M3 8V4h4M17 4h4v4M21 16v4h-4M7 20H3v-4",
  good: "M4 13l5 5L20 6",
};

const adviceOn = (hint: Hint): Key =>
  hint === "good" && byHand() ? "camera.press" : `camera.${hint}`;

const byHand = (): boolean => localStorage.getItem(BY_HAND) === "1";

function setAuto(on: boolean): void {
  if (on) localStorage.removeItem(BY_HAND);
  else localStorage.setItem(BY_HAND, "1");
}

customElements.define("db-camera", Camera);
