import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { Light } from "../../app/light.ts";
import { showDate, showInstant } from "../../i18n/index.ts";
import { stageWords } from "../shared/chip.ts";
import type { Queue, QueueItem } from "./model.ts";
import { o } from "./words/index.ts";

/** The officer's queue. Emits `open` (dossier), `filter` ({q, state}) and `more`. */
export class QueuePane extends Light {
  static override properties = {
    queue: { attribute: false },
    chosen: { attribute: false },
    q: { attribute: false },
    state: { attribute: false },
    problem: { attribute: false },
  };

  queue: Queue | null = null;
  chosen: string | null = null;
  q = "";
  state = "";
  problem: string | null = null;

  focusSearch(): void {
    this.querySelector<HTMLInputElement>("#queue-search")?.focus();
  }

  /** Brings the chosen line into sight without taking the focus. */
  showChosen(): void {
    this.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    return html`
      <h2>${o("queue.title")}</h2>
      <form role="search" @submit=${(event: Event) => event.preventDefault()}>
        <label for="queue-search">${o("queue.search")}</label>
        <input class="input" type="search" id="queue-search" autocomplete="off" spellcheck="false"
          .value=${this.q} @input=${this.onSearch} />
        <label for="queue-state">${o("queue.state")}</label>
        <select class="input" id="queue-state" autocomplete="off" @change=${this.onState}>
          <option value="" ?selected=${this.state === ""}>${o("queue.open_states")}</option>
          <option value="awaiting" ?selected=${this.state === "awaiting"}>${o("queue.awaiting")} (${this.queue?.awaiting ?? 0})</option>
          ${Object.entries(this.queue?.counts ?? {}).map(
            ([state, count]) =>
              html`<option value=${state} ?selected=${this.state === state}>${stateName(state)} (${count})</option>`,
          )}
        </select>
      </form>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.queue ? this.list(this.queue) : html`<p role="status">${o("queue.loading")}</p>`}`;
  }

  private list({ items, cursor }: Queue): TemplateResult {
    return html`
      <p class="quiet small" role="status">${items.length === 0 ? o("queue.none") : o("queue.shown", { count: items.length })}</p>
      <ul class="queue">${items.map((item) => this.line(item))}</ul>
      ${
        cursor
          ? html`<button class="textbutton" type="button" @click=${() => this.dispatchEvent(new Event("more"))}>${o("queue.more")}</button>`
          : nothing
      }`;
  }

  private line(item: QueueItem): TemplateResult {
    const current = item.dossier === this.chosen;
    return html`<li>
      <a class="line ${item.overdue ? "late" : ""}" href="/can-bo/${item.dossier}" data-dossier=${item.dossier}
        aria-current=${ifDefined(current ? "true" : undefined)} @click=${(event: MouseEvent) => this.choose(event, item)}>
        <span class="who"><strong>${item.name ?? o("queue.nameless")}</strong>
          ${item.licence_class ? html`<span class="quiet">${item.licence_class}</span>` : nothing}</span>
        <span class="code">${item.dossier_code}</span>
        <span class="marks">${dueMark(item)}${findingMarks(item)}${stateMark(item)}${waitMarks(item)}</span>
      </a>
    </li>`;
  }

  private choose(event: MouseEvent, { dossier }: QueueItem): void {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a new tab is wanted
    event.preventDefault();
    this.dispatchEvent(new CustomEvent("open", { detail: dossier }));
  }

  private onSearch(event: Event): void {
    this.q = (event.target as HTMLInputElement).value;
    this.tellFilter();
  }

  private onState(event: Event): void {
    this.state = (event.target as HTMLSelectElement).value;
    this.tellFilter();
  }

  private tellFilter(): void {
    this.dispatchEvent(new CustomEvent("filter", { detail: { q: this.q, state: this.state } }));
  }
}

/** "forwarded" shares the applicant's words with "validated"; the desk must tell them apart. */
const stateName = (state: string): string =>
  state === "forwarded" ? o("queue.to_decide") : (stageWords(state) ?? state);

function dueMark({ due_on, overdue }: QueueItem): TemplateResult | typeof nothing {
  if (!due_on) return nothing;
  const words = o(overdue ? "queue.overdue" : "queue.due", { date: showDate(due_on) });
  return html`<span class="chip ${overdue ? "must" : ""}">${words}</span>`;
}

function findingMarks({ findings }: QueueItem): TemplateResult | typeof nothing {
  const { error, warning } = findings;
  return html`
    ${error ? html`<span class="chip must">${o("queue.errors", { count: error })}</span>` : nothing}
    ${warning ? html`<span class="chip wait">${o("queue.warnings", { count: warning })}</span>` : nothing}`;
}

function stateMark({ state, wait }: QueueItem): TemplateResult | typeof nothing {
  if (state === "forwarded" && !wait) return nothing;
  const since = wait && state === "waiting" ? ` · ${showInstant(wait.since)}` : "";
  return html`<span class="chip ${wait || state === "parked" ? "wait" : ""}">${stageWords(state, { wait, consignment: null }) ?? state}${since}</span>`;
}

/** What is awaited besides what the state says. */
function waitMarks({ state, wait, waits }: QueueItem): TemplateResult {
  const others = waits.filter(({ what }) => state !== "waiting" || what !== wait?.what);
  return html`${others.map(
    ({ what, since }) =>
      html`<span class="chip wait" data-awaits=${what}>${o(`awaits.${what}`)} · ${showInstant(since)}</span>`,
  )}`;
}

customElements.define("db-queue", QueuePane);
