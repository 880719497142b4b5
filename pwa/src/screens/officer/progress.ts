import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Fee } from "../../drafts/types.ts";
import { showDate, showInstant, showMoney } from "../../i18n/index.ts";
import { stageWords } from "../shared/chip.ts";
import { intakePoints } from "../shared/places.ts";
import type { Awaited, DeskDossier, JournalLine } from "./model.ts";
import { type OfficerKey, o } from "./words/index.ts";

/** Where the dossier stands: promised day, fee, what is awaited, and how it came here. */
export class ProgressPane extends Light {
  static override properties = { dossier: { attribute: false } };
  dossier!: DeskDossier;

  protected override render(): TemplateResult {
    const { state, wait, waits, promised_on, fee, assurance, consignment } = this.dossier;
    return html`
      <p class="facts">
        <span class="chip">${stageWords(state, { wait, consignment }) ?? state}</span>
        ${promised_on ? html`<span>${o("progress.promised", { date: showDate(promised_on) })}</span>` : nothing}
        ${fee ? html`<span>${feeWords(fee)}</span>` : nothing}
        ${assurance === "none" ? nothing : html`<span>${o(assurance === "vneid" ? "progress.vneid" : "progress.checked")}</span>`}
        ${consignment ? parcelWords(consignment).map((said) => html`<span>${said}</span>`) : nothing}
      </p>
      ${waits.map((one) => this.waiting(one))}
      ${this.troubles()}
      ${this.papers()}
      ${this.timeline()}`;
  }

  private waiting({ what, since, next_try, tries, reason }: Awaited): TemplateResult {
    return html`<div class="note wait" data-wait=${what}>
      <p><strong>${o(`wait.${what}`)}</strong></p>
      <p>${o("wait.since", { at: showInstant(since) })}
        ${tries ? o("wait.tries", { count: tries }) : nothing}
        ${next_try ? o("wait.next", { at: showInstant(next_try) }) : o("wait.no_next")}</p>
      ${reason ? html`<p class="small">${o("wait.said", { reason })}</p>` : nothing}
    </div>`;
  }

  /** What outside systems said when they did not take the dossier. */
  private troubles(): TemplateResult | typeof nothing {
    const { problems, forwarding, waits } = this.dossier;
    const said = new Set(waits.map(({ reason }) => reason));
    const lines = [...problems.map(({ error }) => error), forwarding?.reason].filter(
      (line) => line && !said.has(line),
    );
    if (lines.length === 0) return nothing;
    return html`<div class="note wait"><p>${o("progress.problems")}</p><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></div>`;
  }

  private papers(): TemplateResult {
    const bring = (): Promise<unknown> => import("../papers/papers.ts");
    return html`<details class="course" data-papers @toggle=${bring}>
      <summary>${o("progress.papers")}</summary>
      <db-papers reader="officer" dossier=${this.dossier.dossier}></db-papers>
    </details>`;
  }

  private timeline(): TemplateResult {
    return html`<details class="course">
      <summary>${o("progress.course")}</summary>
      <ol>
        ${this.dossier.timeline.map(
          (line) =>
            html`<li><span class="number">${showInstant(line.at)}</span> ${journalWords(line)}</li>`,
        )}
      </ol>
    </details>`;
  }
}

const ACTIONS: Readonly<Record<string, OfficerKey>> = {
  opened: "journal.opened",
  decision_made: "journal.decision_made",
  decision_undone: "journal.decision_undone",
  try_now: "action.try_now",
  apology: "journal.apology",
  park: "action.park",
  collect: "action.collect",
  pick_up: "journal.pick_up",
  not_delivered: "parcel.failed",
  resume: "action.resume",
  certificate_overdue: "journal.certificate_overdue",
  payment_begun: "journal.payment_begun",
  payment_paid: "journal.payment_paid",
  payment_failed: "journal.payment_failed",
  payment_expired: "journal.payment_expired",
  payment_surplus: "journal.payment_surplus",
  payment_refunding: "journal.payment_refunding",
  payment_refunded: "journal.payment_refunded",
  payment_refund_refused: "journal.payment_refund_refused",
  payment_differs: "journal.payment_differs",
};

/** The postal item, and what became of it where that is not said by the stage. */
function parcelWords({ number, state, point }: NonNullable<DeskDossier["consignment"]>): string[] {
  const said = number ? [o("progress.parcel", { number })] : [];
  if (state === "failed" || state === "returned") said.push(o(`parcel.${state}`));
  const place = intakePoints().find(({ id }) => id === point)?.name ?? point;
  if (state === "pick_up" && place) said.push(o("parcel.pick_up", { point: place }));
  return said;
}

/** The fee, and how paying it stands. */
function feeWords({ amount, state, payment }: Fee): string {
  const due = payment?.state === "pending" ? "progress.fee_pending" : "progress.fee_due";
  const key: Readonly<Record<Fee["state"], OfficerKey>> = {
    due,
    paid: "progress.fee_paid",
    refunded: "progress.fee_refunded",
    waived: "progress.fee",
  };
  return o(key[state], { amount: showMoney(amount) });
}

/** A journal line: the stage reached, or what was done. */
export function journalWords({ action, detail }: JournalLine): string {
  const stage = typeof detail.to === "string" ? stageWords(detail.to) : null;
  const words = ACTIONS[action];
  return stage ?? (words ? o(words) : action);
}

customElements.define("db-progress", ProgressPane);
