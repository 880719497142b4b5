import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";

const QUIET_ZONE = 4;

/** A QR code of `text`, drawn by the device itself; `label` says what it holds. */
export class QrPicture extends Light {
  static override properties = {
    text: { attribute: false },
    label: { attribute: false },
    cells: { state: true },
  };
  text = "";
  label = "";
  private cells: readonly (readonly boolean[])[] = [];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("text")) void this.draw();
  }

  private async draw(): Promise<void> {
    const { encode } = await import("uqr");
    this.cells = encode(this.text, { ecc: "M", border: 0 }).data;
  }

  protected override render(): TemplateResult | typeof nothing {
    const size = this.cells.length;
    if (size === 0) return nothing;
    const path = this.cells
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
      .join("");
    const side = size + 2 * QUIET_ZONE;
    return html`<svg class="qr" role="img" aria-label="QR ${this.label}"
      viewBox="${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}" shape-rendering="crispEdges">
      ${svg`<path d=${path} fill="#000"></path>`}
    </svg>`;
  }
}

customElements.define("db-qr-picture", QrPicture);
