import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { NotAPicture } from "../../capture/jpeg.ts";
import type { CameraTrouble } from "../../capture/stream.ts";
import { t as c } from "../../capture/words/index.ts";
import { w } from "./words/index.ts";

/** A QR code from the live camera or from a picture file. Emits `text` (detail: what it says). */
export class QrSource extends Light {
  static override properties = {
    label: { attribute: false },
    live: { state: true },
    busy: { state: true },
    trouble: { state: true },
  };

  label = "";
  private live = false;
  private busy = false;
  private trouble: string | null = null;

  protected override render(): TemplateResult {
    if (this.live) {
      return html`<db-scanner
        @scanned=${({ detail }: CustomEvent<string>) => this.found(detail)}
        @trouble=${({ detail }: CustomEvent<CameraTrouble | "no_reader">) => this.stop(detail)}
        @close=${() => this.stop(null)}></db-scanner>`;
    }
    return html`
      ${this.trouble ? html`<p class="note must" role="alert">${this.trouble}</p>` : nothing}
      <p class="hintline" role="status">${this.busy ? c("qr.reading") : nothing}</p>
      <div class="row">
        <button class="button" type="button" data-scan @click=${this.open}>${this.label}</button>
        <label class="button second filepick">
          ${w("id.file")}
          <input type="file" accept="image/*" data-qr-file @change=${this.pick} />
        </label>
      </div>`;
  }

  private async open(): Promise<void> {
    this.trouble = null;
    await import("../../capture/scanner.ts");
    this.live = true;
  }

  private stop(why: CameraTrouble | "no_reader" | null): void {
    this.live = false;
    if (why) this.trouble = why === "no_reader" ? c("qr.no_reader") : c(`camera.${why}`);
  }

  private async pick(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    this.trouble = null;
    this.busy = true;
    try {
      const { scanFile } = await import("../../capture/scanner.ts");
      const text = await scanFile(file);
      if (text) this.found(text);
      else this.trouble = c("qr.file_none");
    } catch (cause) {
      console.error(cause);
      this.trouble = cause instanceof NotAPicture ? c("qr.file_bad") : c("qr.no_reader");
    } finally {
      this.busy = false;
    }
  }

  private found(text: string): void {
    this.live = false;
    this.dispatchEvent(new CustomEvent("text", { detail: text }));
  }
}

customElements.define("db-qr-source", QrSource);
