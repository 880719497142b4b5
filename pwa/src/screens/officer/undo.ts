import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Outcome } from "./model.ts";
import { o } from "./words/index.ts";

export interface Leaving {
  readonly dossier: string;
  readonly code: string;
  readonly outcome: Outcome;
  /** When the decision leaves, ISO, by this machine's clock. */
  readonly until: string;
}

/** How long a decision waits before it leaves. */
const WINDOW_MS = 30_000;

/** By the clock of this machine, which may differ from the server's. */
export const leavesAt = (now = Date.now()): string => new Date(now + WINDOW_MS).toISOString();

export const secondsLeft = (until: string, now = Date.now()): number =>
  Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));

/** Decisions that can still be undone, newest first, with their seconds. Emits `undo` (Leaving). */
export class UndoBar extends Light {
  static override properties = { leaving: { attribute: false } };

  leaving: readonly Leaving[] = [];
  private ticking: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.ticking = setInterval(() => this.tick(), 500);
    this.until(() => clearInterval(this.ticking));
  }

  private tick(): void {
    const still = this.leaving.filter(({ until }) => secondsLeft(until) > 0);
    if (still.length !== this.leaving.length) this.leaving = still;
    else if (still.length > 0) this.requestUpdate();
  }

  add(one: Leaving): void {
    this.leaving = [one, ...this.leaving.filter(({ dossier }) => dossier !== one.dossier)];
  }

  drop({ dossier }: Leaving): void {
    this.leaving = this.leaving.filter((one) => one.dossier !== dossier);
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.leaving.length === 0) return nothing;
    return html`<ul class="undo">
      ${this.leaving.map(
        (one, n) => html`<li>
          <span>${o(`outcome.${one.outcome}`)} · <strong>${one.code}</strong></span>
          <button type="button" class="tool" data-undo=${one.dossier} @click=${() => this.ask(one)}>
            ${o("undo.button")} <span class="number" aria-hidden="true">${secondsLeft(one.until)} s</span>
            ${n === 0 ? html`<kbd>Z</kbd>` : nothing}
          </button>
        </li>`,
      )}
    </ul>`;
  }

  /** Undoes the latest; false when nothing can be undone any more. */
  undoLast(): boolean {
    const [last] = this.leaving;
    if (last) this.ask(last);
    return last !== undefined;
  }

  private ask(detail: Leaving): void {
    this.dispatchEvent(new CustomEvent<Leaving>("undo", { detail }));
  }
}

customElements.define("db-undo", UndoBar);
