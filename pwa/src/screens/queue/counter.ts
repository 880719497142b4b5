import "../../styles/queue.css";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { showDate } from "../../i18n/index.ts";
import { ApiError, api, type Session, session } from "../../identity/index.ts";
import "../door/sign-in.ts";
import { printButtons } from "../handover/slip.ts";
import { intakePoints } from "../shared/places.ts";
import { whyRefused } from "../shared/problem.ts";
import { n } from "./words/index.ts";

const EVERY_MS = 5_000;
const COUNTERS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

interface Numbered {
  id: string;
  number: number;
  from: string;
  to: string;
  turn: string;
  state: "waiting" | "called" | "served" | "missed" | "cancelled";
  missed: number;
  counter: string | null;
  source: "phone" | "counter";
}

interface Today {
  day: string;
  open: readonly [string, string] | null;
  numbers: readonly Numbered[];
}

/** A point's counters: numbers for those who come without one, and calling. */
export class CounterPage extends Page {
  static override properties = {
    ...Page.properties,
    staff: { state: true },
    today: { state: true },
    taken: { state: true },
    problem: { state: true },
    busy: { state: true },
    counter: { state: true },
  };

  private staff: Session | null = null;
  private today: Today | null = null;
  /** The number that was just given to somebody who stands here. */
  private taken: Numbered | null = null;
  private problem: string | null = null;
  private busy = false;
  private counter = "1";
  private point = "";

  override get back(): string | null {
    return this.staff?.role === "officer" ? "/can-bo" : "/nhan-vien";
  }

  override get wide(): boolean {
    return true;
  }

  protected override async load(): Promise<void> {
    this.staff = (await session("officer")) ?? (await session("clerk"));
    const again = setInterval(() => void this.read(), EVERY_MS);
    this.until(() => clearInterval(again));
    await this.begin();
  }

  private async begin(): Promise<void> {
    if (!this.staff) return;
    const own = this.staff.point?.id;
    this.point = this.params.point ?? own ?? intakePoints()[0]?.id ?? "";
    await this.read();
  }

  private readonly onSignedIn = async ({ detail }: CustomEvent<Session>): Promise<void> => {
    this.staff = detail;
    await this.begin();
  };

  private path(rest = ""): string {
    return `/queue/${encodeURIComponent(this.point)}${rest}`;
  }

  private async read(): Promise<void> {
    if (!this.staff || this.busy) return;
    await this.guarded(async () => {
      this.today = await api<Today>(this.path());
    });
  }

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.problem = null;
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 401) this.staff = null;
      this.problem = whyRefused(cause);
    }
  }

  private async act(rest: string, json: object): Promise<Numbered | null> {
    this.busy = true;
    let done: Numbered | null = null;
    await this.guarded(async () => {
      done = await api<Numbered>(this.path(rest), { json });
    });
    const { problem } = this;
    this.busy = false;
    await this.read();
    this.problem ??= problem;
    return done;
  }

  private readonly take = async (): Promise<void> => {
    this.taken = await this.act("/numbers", {});
  };

  private readonly next = (): Promise<Numbered | null> =>
    this.act("/next", { counter: this.counter });

  private readonly choosePoint = ({ target }: Event): void => {
    this.point = (target as HTMLSelectElement).value;
    history.replaceState(history.state, "", `/so-thu-tu/${this.point}`);
    void this.read();
  };

  protected override content(): TemplateResult {
    if (!this.staff)
      return html`<db-sign-in class="narrow" .who=${"clerk"} @signed-in=${this.onSignedIn}></db-sign-in>`;
    if (this.taken) return this.given(this.taken);
    const { today } = this;
    return html`
      <h1>${n("staff.title")}</h1>
      ${this.places()}
      <p class="quiet">${today ? showDate(today.day) : nothing} · ${today?.open ? n("staff.hours", { from: today.open[0], to: today.open[1] }) : n("staff.closed")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <div class="callbar">
        <label>${n("staff.counter")}
          <select class="input" data-counter @change=${(event: Event) => {
            this.counter = (event.target as HTMLSelectElement).value;
          }}>${COUNTERS.map((one) => html`<option ?selected=${one === this.counter}>${one}</option>`)}</select>
        </label>
        <button class="button" type="button" data-next ?disabled=${this.busy} @click=${this.next}>${n("staff.next")}</button>
        <button class="button second" type="button" data-take ?disabled=${this.busy} @click=${this.take}>${n("staff.take")}</button>
        <a class="button second" href="/goi-so/${this.point}" target="_blank" rel="noopener">${n("staff.screen")}</a>
        ${this.staff.role === "clerk" ? html`<a class="button second" href="/nhan-vien/the" data-cards>${n("cards.open")}</a>` : nothing}
      </div>
      ${today ? this.lists(today.numbers) : nothing}`;
  }

  /** A clerk has one place, an officer all. */
  private places(): TemplateResult {
    const points = intakePoints();
    if (this.staff?.role !== "officer")
      return html`<p><strong>${points.find(({ id }) => id === this.point)?.name ?? this.point}</strong></p>`;
    return html`<label class="pointchoice">${n("staff.point")}
      <select class="input" @change=${this.choosePoint}>${points.map(
        ({ id, name }) => html`<option value=${id} ?selected=${id === this.point}>${name}</option>`,
      )}</select></label>`;
  }

  private lists(numbers: readonly Numbered[]): TemplateResult {
    const of = (state: Numbered["state"]): Numbered[] =>
      numbers.filter((one) => one.state === state);
    const [called, waiting] = [of("called"), of("waiting")];
    const counts = { served: of("served").length, missed: of("missed").length };
    return html`<div class="queues">
      <section>
        <h2>${n("staff.called")}</h2>
        ${called.length === 0 ? html`<p class="quiet">${n("staff.none_called")}</p>` : nothing}
        <ul class="plain">${called.map((one) => this.called(one))}</ul>
      </section>
      <section>
        <h2>${n("staff.waiting", { count: waiting.length })}</h2>
        ${waiting.length === 0 ? html`<p class="quiet">${n("staff.none_waiting")}</p>` : nothing}
        <ol class="plain">${waiting.map((one) => this.waiting(one))}</ol>
        <p class="quiet" data-ended>${n("staff.ended", counts)}</p>
      </section>
    </div>`;
  }

  private called(one: Numbered): TemplateResult {
    const button = (action: "served" | "recall" | "missed", kind: string): TemplateResult =>
      html`<button class="button ${kind}" type="button" data-action=${action} ?disabled=${this.busy}
        @click=${() => void this.act(`/numbers/${one.id}`, { action })}>${n(`staff.${action}`)}</button>`;
    return html`<li class="card" data-called=${one.number}>
      <p class="ticket"><strong>${one.number}</strong> ${n("staff.at_counter", { counter: one.counter ?? "" })}</p>
      <div class="row">${button("served", "second")}${button("recall", "second")}${button("missed", "second")}</div>
    </li>`;
  }

  private waiting({ number, from, to, source, missed, turn }: Numbered): TemplateResult {
    const how = source === "phone" ? n("staff.phone") : n("staff.walked");
    return html`<li class="queued" data-waiting=${number}>
      <strong>${number}</strong>
      <span>${missed ? n("staff.again", { turn }) : n("staff.when", { from, to })}<br /><span class="quiet small">${how}</span></span>
    </li>`;
  }

  /** Shown large to whoever has no phone, and printed. */
  private given({ number, from, to }: Numbered): TemplateResult {
    const day = showDate(this.today?.day ?? "");
    const place = intakePoints().find(({ id }) => id === this.point)?.name;
    return html`
      <h1>${n("slip.title")}</h1>
      <p class="bignumber" data-taken>${number}</p>
      <p>${place}<br />${n("slip.when", { day, from, to })}</p>
      <p>${n("slip.keep")}</p>
      ${printButtons()}
      <section class="slip" aria-hidden="true">
        <p class="title">${n("slip.title")}</p>
        <p>${place}</p>
        <p class="huge">${number}</p>
        <p>${n("slip.when", { day, from, to })}</p>
        <p>${n("slip.keep")}</p>
      </section>
      <div class="foot"><button class="button" type="button" data-close @click=${() => {
        this.taken = null;
      }}>${n("slip.close")}</button></div>`;
  }
}

customElements.define("db-counter", CounterPage);
