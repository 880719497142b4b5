import "../../styles/queue.css";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { ApiError, api } from "../../identity/index.ts";
import { intakePoints } from "../shared/places.ts";
import { n } from "./words/index.ts";

const EVERY_MS = 3_000;
/** After so long without an answer the numbers may be wrong, and the screen says so. */
const STALE_MS = 30_000;

interface Screen {
  called: readonly { number: number; counter: string; at: string }[];
  waiting: number;
}

/** For a television at the point: which number goes to which counter. Nothing of any person. */
export class CallScreen extends Page {
  static override properties = {
    ...Page.properties,
    shown: { state: true },
    stale: { state: true },
  };

  private shown: Screen = { called: [], waiting: 0 };
  private stale = false;
  private heard = Date.now();
  private asking = false;

  override get back(): string | null {
    return null;
  }

  override get wide(): boolean {
    return true;
  }

  protected override async load(): Promise<void> {
    this.shown = await api<Screen>(this.path);
    const again = setInterval(() => void this.ask(), EVERY_MS);
    this.until(() => clearInterval(again));
  }

  private get path(): string {
    return `/queue/${encodeURIComponent(this.params.point ?? "")}/screen`;
  }

  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      this.shown = await api<Screen>(this.path, { signal: AbortSignal.timeout(STALE_MS) });
      this.heard = Date.now();
    } catch (cause) {
      if (!(cause instanceof ApiError || cause instanceof DOMException)) throw cause;
    } finally {
      this.asking = false;
      this.stale = Date.now() - this.heard > STALE_MS;
    }
  }

  protected override content(): TemplateResult {
    const point = intakePoints().find(({ id }) => id === this.params.point);
    const { called, waiting } = this.shown;
    return html`<div class="callscreen">
      <h1>${n("screen.title")}</h1>
      <p class="quiet">${point?.name ?? nothing}</p>
      ${this.stale ? html`<p class="note must" role="status">${n("screen.stale")}</p>` : nothing}
      <div role="status">
        ${
          called.length === 0
            ? html`<p class="nobody">${n("screen.none")}</p>`
            : html`<table class="calls">
              <thead><tr><th scope="col">${n("screen.number")}</th><th scope="col">${n("screen.counter")}</th></tr></thead>
              <tbody>${called.map(
                ({ number, counter }) =>
                  html`<tr data-number=${number}><td>${number}</td><td>${counter}</td></tr>`,
              )}</tbody>
            </table>`
        }
      </div>
      <p class="waiting">${n("screen.waiting", { count: waiting })}</p>
    </div>`;
  }
}

customElements.define("db-call-screen", CallScreen);
