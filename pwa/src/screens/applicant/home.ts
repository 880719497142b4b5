import { html, nothing, svg, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { type DossierRow, list, onRows } from "../../drafts/index.ts";
import { t } from "../../i18n/index.ts";
import { rowChip } from "../shared/chip.ts";

const LOW_STORAGE_BYTES = 50_000_000;

const stroke = (drawing: TemplateResult): TemplateResult =>
  html`<svg viewBox="0 0 48 48" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"
    stroke-linejoin="round" aria-hidden="true">${drawing}</svg>`;
const drawn = (path: string): TemplateResult =>
  stroke(svg`<path d=${path}></path>` as TemplateResult);
const CARD = "M4 11h40v26H4zM10 18h9v11h-9zM25 19h13M25 26h13M25 31h8";
const FOLDER = "M5 38V11h13l4 5h21v22zM13 26h22M13 32h14";
const HAND = "M24 34v.5M18 18a6 6 0 1 1 8 6c-2 1-2 2-2 4M24 44a20 20 0 1 1 0-40 20 20 0 0 1 0 40z";

/** Three tiles, and nothing else to understand. */
export class HomePage extends Page {
  static override properties = {
    ...Page.properties,
    rows: { state: true },
    tight: { state: true },
  };

  private rows: readonly DossierRow[] = [];
  private tight = false;

  override get back(): string | null {
    return null;
  }

  protected override async load(): Promise<void> {
    this.rows = await list();
    this.until(onRows(() => void this.refresh()));
    void this.weigh();
  }

  /** Slow on a cold browser: the page does not wait for it. */
  private async weigh(): Promise<void> {
    const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    this.tight = quota > 0 && quota - usage < LOW_STORAGE_BYTES;
  }

  private async refresh(): Promise<void> {
    this.rows = await list();
  }

  private get unfinished(): DossierRow | undefined {
    return this.rows.find(({ sending, submittedAt }) => sending.state === "unsent" && !submittedAt);
  }

  protected override content(): TemplateResult {
    return html`
      <h1>${t("home.title")}</h1>
      ${isSecureContext ? nothing : html`<p class="note must">${t("page.insecure")}</p>`}
      ${this.tight ? html`<p class="note wait">${t("home.storage")}</p>` : nothing}
      <ul class="tiles side">
        <li>
          <a class="tile first" href="/to-khai/moi">
            ${drawn(CARD)}
            <span><strong>${t("home.exchange")}</strong>${t(this.unfinished ? "home.continue" : "home.exchange_text")}</span>
          </a>
        </li>
        <li>
          <a class="tile" href="/ho-so">
            ${drawn(FOLDER)}
            <span>
              <strong>${t("home.mine")}</strong>
              ${this.rows.length > 0 ? this.rows.slice(0, 3).map((row) => rowChip(row)) : t("home.mine_text")}
            </span>
          </a>
        </li>
        <li>
          <a class="tile" href="/tro-giup">
            ${drawn(HAND)}
            <span><strong>${t("home.help")}</strong>${t("home.help_text")}</span>
          </a>
        </li>
      </ul>
      <p><a class="textbutton" href="/theo-doi">${t("home.follow")}</a></p>`;
  }
}

customElements.define("db-home", HomePage);
