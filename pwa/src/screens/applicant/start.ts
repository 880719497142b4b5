import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { create, type DossierRow, list, open } from "../../drafts/index.ts";
import { showInstant } from "../../i18n/index.ts";
import { FIRST } from "./steps.ts";
import { w } from "./words/index.ts";

/** Begins a dossier, or asks whether to go on with one that was begun. */
export class StartPage extends Page {
  static override properties = { ...Page.properties, begun: { state: true } };
  private begun: readonly DossierRow[] = [];

  protected override async load(): Promise<void> {
    const rows = await list();
    this.begun = rows.filter(({ readable, submittedAt }) => readable && !submittedAt);
    if (this.begun.length === 0) await this.begin();
  }

  private readonly begin = async (): Promise<void> => {
    const draft = await create({ procedure: "doi" });
    navigate(`/to-khai/${draft.dossier}/${FIRST}`, { replace: true });
  };

  private async goOn(dossier: string): Promise<void> {
    const draft = await open(dossier);
    navigate(`/to-khai/${dossier}/${draft.position ?? FIRST}`, { replace: true });
  }

  protected override content(): TemplateResult {
    return html`
      <h1>${w("start.title")}</h1>
      <p>${w("start.text")}</p>
      <div class="foot">
        ${this.begun.map(
          (row) => html`
            <p class="quiet">${w("start.since", { at: showInstant(row.updatedAt) })}</p>
            <button class="button" type="button" @click=${() => void this.goOn(row.dossier)}>${w("start.go_on")}</button>`,
        )}
        <button class="button second" type="button" @click=${this.begin}>${w("start.another")}</button>
      </div>`;
  }
}

customElements.define("db-start", StartPage);
