import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { showInstant } from "../../i18n/index.ts";
import { meta, setMeta } from "../../store/db.ts";
import { REPORTED_LOST } from "../../store/records.ts";
import { onSignal } from "../../store/signals.ts";
import { m } from "../devices/words/index.ts";

/** Says that a vault of this device was wiped because its owner reported the device as lost. */
export class ReportedLost extends Light {
  static override properties = { at: { state: true } };
  private at: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(
      onSignal(({ type }) => {
        if (type === "gone") void this.look();
      }),
    );
    void this.look();
  }

  private async look(): Promise<void> {
    this.at = (await meta<string | null>(REPORTED_LOST)) ?? null;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.at) return nothing;
    return html`<section class="note must" role="alert" data-reported-lost>
      <h2>${m("gone_title")}</h2>
      <p>${m("gone_1", { at: showInstant(this.at) })}</p>
      <p>${m("gone_2")}</p>
      <button class="button second" type="button" @click=${this.understood}>${m("gone_ok")}</button>
    </section>`;
  }

  private readonly understood = async (): Promise<void> => {
    await setMeta(REPORTED_LOST, null);
    this.at = null;
  };
}

customElements.define("db-reported-lost", ReportedLost);
