import { html, type PropertyValues, svg, type TemplateResult } from "lit";
import { Light } from "../app/light.ts";
import { frameIn } from "./frame.ts";
import { decode } from "./jpeg.ts";
import { type QrReader, qrReader } from "./qr.ts";
import { CameraError, type CameraTrouble, closeCamera, openCamera } from "./stream.ts";
import { t } from "./words/index.ts";

const PAUSE_MS = 120;

/** The text of a QR code in a picture file; null when none is found. @throws NotAPicture */
export async function scanFile(file: Blob): Promise<string | null> {
  const [read, picture] = await Promise.all([qrReader(), decode(file)]);
  try {
    return await read(picture);
  } finally {
    picture.close();
  }
}

/**
 * Looks for a QR code in the live picture. Emits `scanned` (detail: its text), `trouble` (detail:
 * CameraTrouble or "no_reader") and `close`.
 */
export class Scanner extends Light {
  static override properties = { stream: { state: true } };

  private stream: MediaStream | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(() => {
      closeCamera(this.stream);
      this.stream = null;
    });
    void this.begin();
  }

  private async begin(): Promise<void> {
    try {
      const [stream, read] = await Promise.all([openCamera("environment"), qrReader()]);
      if (!this.isConnected) return closeCamera(stream);
      this.stream = stream;
      await this.updateComplete;
      await this.watch(read);
    } catch (cause) {
      const detail: CameraTrouble | "no_reader" =
        cause instanceof CameraError ? cause.code : "no_reader";
      if (detail === "no_reader") console.error(cause);
      this.dispatchEvent(new CustomEvent("trouble", { detail }));
    }
  }

  private async watch(read: QrReader): Promise<void> {
    const video = this.querySelector("video");
    while (video && this.stream && this.isConnected) {
      const text = video.videoWidth ? await read(video) : null;
      if (text && this.isConnected) {
        navigator.vibrate?.(60);
        this.dispatchEvent(new CustomEvent("scanned", { detail: text }));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  protected override updated(changed: PropertyValues): void {
    const video = this.querySelector("video");
    if (!changed.has("stream") || !video || !this.stream) return;
    video.srcObject = this.stream;
    void video.play();
  }

  protected override render(): TemplateResult {
    if (!this.stream) return html`<p class="hintline" role="status">${t("camera.opening")}</p>`;
    const size = { width: 400, height: 300 };
    const { x, y, width, height } = frameIn(size, "qr", 0.7);
    return html`
      <div class="camera">
        <video muted playsinline autoplay aria-label=${t("camera.live")}></video>
        <svg class="guide" viewBox="0 0 400 300" aria-hidden="true">
          ${svg`<rect class="edge" x=${x} y=${y} width=${width} height=${height} rx="10"></rect>`}
        </svg>
      </div>
      <p class="hintline" role="status">${t("camera.place_qr")}</p>
      <div class="foot">
        <button class="button second" type="button" @click=${() => this.dispatchEvent(new Event("close"))}>
          ${t("camera.close")}
        </button>
      </div>`;
  }
}

customElements.define("db-scanner", Scanner);
