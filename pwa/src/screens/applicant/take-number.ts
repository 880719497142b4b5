import rules from "@dossier/data/queue.json";
import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Draft, QueueNumber, QueueTold } from "../../drafts/index.ts";
import { language, showDate, t } from "../../i18n/index.ts";
import { addSpan, inForce, today } from "../../rules/index.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import type { Question } from "../shared/kinds.ts";
import { intakePoints } from "../shared/places.ts";
import { whyUnsaved } from "./form.ts";
import { type WordKey, w } from "./words/index.ts";

const REFUSED = ["closed", "past", "too_far", "full", "has_one", "too_many"] as const;
const WAITING = ["waiting", "called"];

/** A queue number for this dossier: asked without a network, shown once the server has given it. */
export class TakeNumber extends Light {
  static override properties = {
    draft: { attribute: false },
    wanted: { state: true },
    problem: { state: true },
  };
  draft!: Draft;
  private wanted: Record<string, string> = {};
  private problem: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.draft.subscribe(() => this.requestUpdate()));
  }

  protected override render(): TemplateResult {
    const { pending, told } = this.draft.booking("queue");
    const number = told?.number ?? null;
    const open = numberOf(this.draft) !== null;
    return html`<section class="card noprint" data-queue>
      <h2>${w("queue.title")}</h2>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${pending ? html`<p class="note wait" role="status" data-pending>${w("queue.pending")}</p>` : nothing}
      ${number && number.day >= today() ? this.given(number, open && !pending) : nothing}
      ${told && !pending ? this.refused(told) : nothing}
      ${open || pending ? nothing : this.form()}
    </section>`;
  }

  private given(number: QueueNumber, mayReturn: boolean): TemplateResult {
    const { day, from, to, state, counter, missed } = number;
    const again = state === "waiting" && missed > 0;
    const said: WordKey = again ? "queue.missed_once" : `queue.${state}`;
    const tone = again ? "wait" : WAITING.includes(state) ? "done" : "";
    return html`<div role="status" data-state=${state}>
      <p class="large code" data-number>${w("queue.number", { number: number.number })}</p>
      <p>${nameOf(number.point)}<br />${w("queue.when", { day: showDay(day), from, to })}</p>
      <p class="note ${tone}">${w(said, { counter: counter ?? "" })}</p>
      ${mayReturn ? html`<button class="button second" type="button" data-return @click=${() => void this.ask("queue_cancel")}>${w("queue.return")}</button>` : nothing}
    </div>`;
  }

  private refused({ answer }: QueueTold): TemplateResult | typeof nothing {
    const code = REFUSED.find((one) => one === answer.code);
    if (!code) return nothing;
    const { next, point } = answer;
    const offer =
      next && point
        ? html`<p>${w("queue.next", { day: showDay(next.day), from: next.from, to: next.to })}</p>
          <button class="button second" type="button" data-next-free @click=${() => void this.ask("queue_number", { point, day: next.day, part: next.part })}>${w("queue.take_next")}</button>`
        : nothing;
    return html`<div class="note must" role="status" data-refused=${code}><p>${w(`queue.${code}`)}</p>${offer}</div>`;
  }

  private form(): TemplateResult {
    return html`<p>${w("queue.text")}</p>
      <div @answer=${this.onAnswer}>
        ${this.questions.map((question) => html`<db-field .question=${question} .value=${this.wanted[question.name] ?? ""} shared></db-field>`)}
      </div>
      <button class="button second" type="button" data-take @click=${() => void this.take()}>${w("queue.take")}</button>`;
  }

  private get questions(): readonly Question[] {
    const days = comingDays().map((value) => ({ value, label: showDay(value) }));
    const parts = (["morning", "afternoon"] as const).map((value) => ({
      value,
      label: w(`queue.${value}`),
    }));
    const points = intakePoints().map(({ id, name }) => ({ value: id, label: name }));
    return [
      { name: "queue-point", kind: "select", label: w("queue.point"), options: points },
      { name: "queue-day", kind: "select", label: w("queue.day"), options: days },
      { name: "queue-part", kind: "choice", label: w("queue.part"), options: parts },
    ];
  }

  private readonly onAnswer = ({ detail }: CustomEvent<Answered>): void => {
    this.wanted = { ...this.wanted, [detail.name]: String(detail.value ?? "") };
  };

  private async take(): Promise<void> {
    const lacking = this.questions.find(({ name }) => !this.wanted[name]);
    this.problem = lacking ? t("error.choose", { label: lacking.label }) : null;
    if (lacking) return;
    const [point, day, part] = this.questions.map(({ name }) => this.wanted[name]);
    await this.ask("queue_number", { point, day, part });
  }

  private async ask(kind: "queue_number" | "queue_cancel", said = {}): Promise<void> {
    this.problem = null;
    try {
      await this.draft.askPoint("queue", kind, said);
    } catch (cause) {
      const { code } = (cause ?? {}) as { code?: string };
      this.problem = code === "no_intake_key" ? w("send.no_key") : whyUnsaved(cause);
    }
  }
}

/** The number that a dossier waits with. */
export function numberOf(draft: Draft): QueueNumber | null {
  const number = draft.booking("queue").told?.number ?? null;
  return number && WAITING.includes(number.state) && number.day >= today() ? number : null;
}

/** Where and when, in one line. */
export const whenOf = ({ point, day, from, to }: QueueNumber): string =>
  `${nameOf(point)} · ${w("queue.when", { day: showDay(day), from, to })}`;

const nameOf = (point: string): string =>
  intakePoints().find(({ id }) => id === point)?.name ?? point;

/** Weekdays that can be asked for; the server knows the holidays. */
function comingDays(from = today()): string[] {
  const ahead = inForce(rules.rules, from)?.days_ahead ?? 0;
  const days = Array.from({ length: ahead + 1 }, (_, days) => addSpan(from, { days }));
  return days.filter((day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()));
}

function showDay(day: string): string {
  const name = new Intl.DateTimeFormat(language(), { weekday: "long", timeZone: "UTC" });
  return `${name.format(new Date(`${day}T00:00:00Z`))} ${showDate(day)}`;
}

customElements.define("db-take-number", TakeNumber);
