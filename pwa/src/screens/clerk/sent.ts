import "../../styles/tablet.css";
import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { TABLET } from "../../app/tablet.ts";
import { type DossierRow, list, onRows } from "../../drafts/index.ts";
import { showSlip, t } from "../../i18n/index.ts";
import { arrived } from "../shared/chip.ts";
import "../shared/sending.ts";
import "../shared/slip-qr.ts";
import { c } from "./words/index.ts";

/** After sending: the slip to hand over, from the clear row, so that the wipe takes nothing away. */
export class SentPage extends Page {
  static override properties = { ...Page.properties, row: { state: true } };
  private row: DossierRow | undefined;

  override get back(): string | null {
    return null;
  }

  protected override async load(): Promise<void> {
    await this.refresh();
    if (!this.row?.slip) return navigate(TABLET, { replace: true });
    this.until(onRows(() => void this.refresh()));
  }

  private async refresh(): Promise<void> {
    this.row = (await list()).find(({ dossier }) => dossier === this.params.sent);
  }

  protected override content(): TemplateResult {
    if (!this.row?.slip) return html``;
    const { slip, sending } = this.row;
    return html`
      <h1>${c("sent.title")}</h1>
      <p>${c(arrived(sending) ? "sent.arrived" : "sent.waiting")}</p>
      <db-sending .sending=${sending}></db-sending>
      <section class="card">
        <h2>${c("sent.slip")}</h2>
        <p class="large code" data-slip>${showSlip(slip)}</p>
        <db-slip-qr .slip=${slip}></db-slip-qr>
        <p>${c("sent.slip_text")}</p>
      </section>
      <div class="foot">
        <a class="button" href=${TABLET} data-next-person>${c("sent.next")}</a>
        <button class="button second" type="button" @click=${() => window.print()}>${t("app.print")}</button>
      </div>`;
  }
}

customElements.define("db-sent", SentPage);
