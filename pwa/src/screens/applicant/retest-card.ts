import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { RetestTold } from "../../drafts/index.ts";
import { showDate, showSlip, t } from "../../i18n/index.ts";
import { addSpan, expiryState, today } from "../../rules/index.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import { type Form, whyUnsaved } from "./form.ts";
import { w } from "./words/index.ts";

const WEEKS = 8;

/** An expired licence: a week for the test is wished here, and answered here with day and place. */
export class RetestCard extends Light {
  static override properties = {
    form: { attribute: false },
    week: { state: true },
    problem: { state: true },
  };
  form!: Form;
  private week = "";
  private problem: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.form.draft.subscribe(() => this.requestUpdate()));
  }

  protected override render(): TemplateResult {
    const { pending, told } = this.form.draft.booking("retest");
    const answer = pending ? null : (told?.answer ?? null);
    const settled = answer?.code === "confirmed" && (answer.day ?? "") >= today();
    return html`<section class="card noprint" data-retest=${answer?.code ?? nothing}>
      <h2>${w("retest.title")}</h2>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${pending ? html`<p class="note wait" role="status" data-pending>${w("queue.pending")}</p>` : nothing}
      ${answer ? this.answered(answer) : nothing}
      ${pending || settled ? nothing : this.choice()}
    </section>`;
  }

  private answered(answer: RetestTold["answer"]): TemplateResult {
    const { code, week, day, time, place, reason, slip } = answer;
    const tone = { asked: "wait", confirmed: "done", declined: "must" }[code];
    const words = {
      week: weekWords(week),
      day: showDate(day ?? ""),
      time: time ?? "",
      place: place ?? "",
      reason: reason ?? "",
      slip: showSlip(slip),
    };
    return html`<p class="note ${tone}" role="status">${w(`retest.${code}`, words)}</p>`;
  }

  private choice(): TemplateResult {
    const options = comingMondays().map((value) => ({ value, label: weekWords(value) }));
    const question = {
      name: "retest-week",
      kind: "select",
      label: w("retest.week"),
      options,
    } as const;
    return html`<p>${w("retest.text")}</p>
      <db-field .question=${question} .value=${this.week} shared @answer=${({
        detail,
      }: CustomEvent<Answered>) => {
        this.week = String(detail.value ?? "");
      }}></db-field>
      <button class="button second" type="button" data-ask @click=${() => void this.ask()}>${w("retest.ask")}</button>`;
  }

  private async ask(): Promise<void> {
    this.problem = this.week ? null : t("error.choose", { label: w("retest.week") });
    if (!this.week) return;
    const { values, draft } = this.form;
    const { test } = expiryState(values.licence_expiry, today());
    const said = { test, class: values.licence_class ?? "", week: this.week, slip: draft.slip };
    try {
      await draft.askPoint("retest", "retest", said);
    } catch (cause) {
      const { code } = (cause ?? {}) as { code?: string };
      this.problem = code === "no_intake_key" ? w("send.no_key") : whyUnsaved(cause);
    }
  }
}

const weekWords = (monday: string): string =>
  `${showDate(monday)} – ${showDate(addSpan(monday, { days: 4 }))}`;

/** From next week on. */
function comingMondays(from = today()): string[] {
  const weekday = new Date(`${from}T00:00:00Z`).getUTCDay() || 7;
  return Array.from({ length: WEEKS }, (_, n) => addSpan(from, { days: 8 - weekday + 7 * n }));
}

customElements.define("db-retest", RetestCard);
