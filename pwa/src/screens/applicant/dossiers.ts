import { html, nothing, type TemplateResult } from "lit";
import { TAKE } from "../../app/claim-link.ts";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { type DossierRow, list, onRows, open } from "../../drafts/index.ts";
import { showInstant, showSlip, t } from "../../i18n/index.ts";
import { h } from "../handover/words/index.ts";
import { rowChip } from "../shared/chip.ts";
import "../shared/idle.ts";
import "../shared/reported-lost.ts";
import { current } from "../../vault/index.ts";
import "./account.ts";
import { m } from "../devices/words/index.ts";
import { w } from "./words/index.ts";

/** Every dossier of this device with its state; while locked, only what is clear. */
export class DossiersPage extends Page {
  static override properties = {
    ...Page.properties,
    rows: { state: true },
    doomed: { state: true },
  };

  private rows: readonly DossierRow[] = [];
  private doomed: string | null = null;

  protected override async load(): Promise<void> {
    await this.refresh();
    this.until(onRows(() => void this.refresh()));
  }

  private async refresh(): Promise<void> {
    this.rows = await list();
    if (this.rows.some(({ former }) => former)) await import("../devices/former.ts");
  }

  protected override content(): TemplateResult {
    return html`
      <h1>${w("mine.title")}</h1>
      <db-reported-lost></db-reported-lost>
      ${this.rows.length === 0 ? html`<p>${w("mine.none")}</p>` : nothing}
      ${this.rows.some(({ readable, arriving, former }) => !readable && !arriving && !former) ? html`<p class="quiet">${w("mine.locked")}</p>` : nothing}
      ${this.rows.map((row) => this.card(row))}
      ${current() && this.rows.some(({ former }) => former) ? html`<db-former .count=${this.rows.filter(({ former }) => former).length}></db-former>` : nothing}
      <db-account></db-account>
      ${current() ? html`<db-idle></db-idle>` : nothing}
      <div class="foot">
        <a class="button ${this.rows.length > 0 ? "second" : ""}" href="/to-khai/moi">${t("home.exchange")}</a>
        <a class="button second" href=${TAKE} data-take>${h("list.take")}</a>
        <a class="textbutton" href="/theo-doi">${t("home.follow")}</a>
      </div>`;
  }

  private card(row: DossierRow): TemplateResult {
    const unsent = row.submittedAt === null;
    return html`<article class="card" data-dossier=${row.dossier}>
      <h2>${unsent ? w("mine.draft") : row.slip ? w("mine.slip", { slip: showSlip(row.slip) }) : w("mine.sent")}</h2>
      <p>${rowChip(row)}</p>
      <p class="quiet small">${w("mine.updated", { at: showInstant(row.updatedAt) })}</p>
      <div class="row">
        ${row.former ? html`<span class="chip wait" data-former>${m("former_chip")}</span>` : nothing}
        ${
          row.former && unsent
            ? nothing
            : unsent && !row.away
              ? html`<button class="button" type="button" @click=${() => this.goOn(row)}>${w("mine.continue")}</button>`
              : html`<a class="button" href="/ho-so/${row.dossier}">${w("mine.open")}</a>`
        }
        ${
          unsent && !row.away && row.readable && current()?.mode === "own"
            ? html`<a class="button second" href="/ho-so/${row.dossier}/nho-giup" data-lend>${h("list.lend")}</a>`
            : nothing
        }
      </div>
      ${unsent && row.readable && !row.away ? this.discard(row) : nothing}
    </article>`;
  }

  private discard(row: DossierRow): TemplateResult {
    if (this.doomed !== row.dossier) {
      return html`<button class="textbutton" type="button" @click=${() => {
        this.doomed = row.dossier;
      }}>${w("mine.discard")}</button>`;
    }
    return html`<div class="note must" role="alert">
      <p>${w("mine.discard_sure")}</p>
      <div class="row">
        <button class="button second" type="button" @click=${() => void this.removeDraft(row.dossier)}>${w("mine.discard_yes")}</button>
        <button class="button" type="button" @click=${() => {
          this.doomed = null;
        }}>${w("mine.discard_no")}</button>
      </div>
    </div>`;
  }

  private async removeDraft(dossier: string): Promise<void> {
    const draft = await open(dossier);
    await draft.discard();
    this.doomed = null;
    await this.refresh();
  }

  /** The dossier's page opens the vault first and knows then where the person stopped. */
  private goOn(row: DossierRow): void {
    navigate(`/ho-so/${row.dossier}`);
  }
}

customElements.define("db-dossiers", DossiersPage);
