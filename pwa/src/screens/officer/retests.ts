import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { showDate, showInstant, showSlip } from "../../i18n/index.ts";
import { ApiError, api, type Session, session } from "../../identity/index.ts";
import "../door/sign-in.ts";
import { whyRefused } from "../shared/problem.ts";
import { o } from "./words/index.ts";

interface Wish {
  dossier: string;
  asked_at: string;
  test: "theory" | "theory_practice";
  class: string;
  week: string;
  slip: string;
}

/** Who waits for a session of the test: a day, a time and a place, or why not. */
export class RetestsPage extends Page {
  static override properties = {
    ...Page.properties,
    officer: { state: true },
    wishes: { state: true },
    problem: { state: true },
  };

  private officer: Session | null = null;
  private wishes: readonly Wish[] = [];
  private problem: string | null = null;

  override get back(): string | null {
    return "/can-bo";
  }

  protected override async load(): Promise<void> {
    this.officer = await session("officer");
    if (this.officer) this.wishes = await api<Wish[]>("/desk/retests");
  }

  private readonly onSignedIn = async (): Promise<void> => {
    await this.load();
    this.requestUpdate();
  };

  private async answer(event: SubmitEvent, dossier: string): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const outcome = (event.submitter as HTMLButtonElement | null)?.value ?? "confirm";
    const said = Object.fromEntries([...form].filter(([, value]) => value !== ""));
    this.problem = null;
    try {
      await api(`/desk/retests/${dossier}`, { json: { ...said, outcome } });
      this.wishes = await api<Wish[]>("/desk/retests");
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 401) this.officer = null;
      this.problem = whyRefused(cause);
    }
  }

  protected override content(): TemplateResult {
    if (!this.officer)
      return html`<db-sign-in .who=${"officer"} @signed-in=${this.onSignedIn}></db-sign-in>`;
    return html`
      <h1>${o("retests.title")}</h1>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.wishes.length === 0 ? html`<p class="note done" role="status">${o("retests.none")}</p>` : nothing}
      ${this.wishes.map((wish) => this.wish(wish))}`;
  }

  private wish({ dossier, asked_at, test, class: held, week, slip }: Wish): TemplateResult {
    const field = (name: string, type: string): TemplateResult =>
      html`<div class="field"><label for="${name}-${dossier}">${o(`retests.${name}` as "retests.day")}</label>
        <input class="input" id="${name}-${dossier}" name=${name} type=${type} maxlength="200" autocomplete="off" /></div>`;
    return html`<form class="card" data-wish=${slip} @submit=${(event: SubmitEvent) => void this.answer(event, dossier)}>
      <h2 class="code">${showSlip(slip)}</h2>
      <p>${o(`retests.${test}`)} · ${o("retests.class", { held })}<br />
        ${o("retests.week", { from: showDate(week) })}<br />
        <span class="quiet">${o("retests.asked", { at: showInstant(asked_at) })}</span></p>
      ${field("day", "date")}${field("time", "time")}${field("place", "text")}
      <button class="button" type="submit" value="confirm">${o("retests.confirm")}</button>
      <hr />
      ${field("reason", "text")}
      <button class="button second" type="submit" value="decline">${o("retests.decline")}</button>
    </form>`;
  }
}

customElements.define("db-retests", RetestsPage);
