import { html, nothing, svg, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { showSlip } from "../../i18n/index.ts";

const QUIET_ZONE = 4;

/** A slip's QR code: the address of the follow page with the slip code behind the "#". */
export class SlipQr extends Light {
  static override properties = { slip: { attribute: false }, cells: { state: true } };
  slip = "";
  private cells: readonly (readonly boolean[])[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.draw();
  }

  private async draw(): Promise<void> {
    const { encode } = await import("uqr");
    this.cells = encode(`${location.origin}/theo-doi#${this.slip}`, { ecc: "M", border: 0 }).data;
  }

  protected override render(): TemplateResult | typeof nothing {
    const size = this.cells.length;
    if (size === 0) return nothing;
    const path = this.cells
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
      .join("");
    const side = size + 2 * QUIET_ZONE;
    return html`<svg class="qr" role="img" aria-label="QR ${showSlip(this.slip)}"
      viewBox="${-QUIET_ZONE} ${-QUIET_ZONE} ${side} ${side}" shape-rendering="crispEdges">
      ${svg`<path d=${path} fill="#000"></path>`}
    </svg>`;
  }
}

customElements.define("db-slip-qr", SlipQr);
