import "../../styles/queue.css";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { showInstant, showSlip } from "../../i18n/index.ts";
import { ApiError, api, type Session, session } from "../../identity/index.ts";
import "../door/sign-in.ts";
import { whyRefused } from "../shared/problem.ts";
import { n } from "./words/index.ts";

interface Card {
  dossier: string;
  dossier_code: string;
  slip: string;
  name: string;
  since: string;
}

/** Cards that are kept at the clerk's point, and noting that their owner came for one. */
export class CardsPage extends Page {
  static override properties = {
    ...Page.properties,
    clerk: { state: true },
    cards: { state: true },
    asked: { state: true },
    given: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private clerk: Session | null = null;
  private cards: readonly Card[] | null = null;
  /** Whose ID card is being looked at. */
  private asked: string | null = null;
  /** Who was given a card last. */
  private given: string | null = null;
  private problem: string | null = null;
  private busy = false;

  override get back(): string | null {
    return "/so-thu-tu";
  }

  protected override async load(): Promise<void> {
    this.clerk = await session("clerk");
    await this.read();
  }

  private async read(): Promise<void> {
    if (!this.clerk?.point) return;
    await this.guarded(async () => {
      this.cards = await api<Card[]>("/clerk/cards");
    });
  }

  private readonly onSignedIn = async ({ detail }: CustomEvent<Session>): Promise<void> => {
    this.clerk = detail;
    await this.read();
  };

  private async guarded(work: () => Promise<void>): Promise<void> {
    try {
      this.problem = null;
      await work();
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 401) this.clerk = null;
      this.problem = whyRefused(cause);
    }
  }

  private async give({ dossier, name }: Card): Promise<void> {
    this.busy = true;
    await this.guarded(async () => {
      await api(`/clerk/cards/${dossier}`, { json: {} });
      this.given = name;
      this.asked = null;
      this.cards = await api<Card[]>("/clerk/cards");
    });
    this.busy = false;
  }

  protected override content(): TemplateResult {
    if (!this.clerk)
      return html`<db-sign-in class="narrow" .who=${"clerk"} @signed-in=${this.onSignedIn}></db-sign-in>`;
    const { cards, clerk, given, problem } = this;
    return html`
      <h1>${n("cards.title")}</h1>
      <p class="quiet">${clerk.point?.name ?? n("cards.no_point")}</p>
      ${problem ? html`<p class="note must" role="alert">${problem}</p>` : nothing}
      ${given ? html`<p class="note done" role="status">${n("cards.given", { name: given })}</p>` : nothing}
      ${cards?.length === 0 ? html`<p class="note">${n("cards.none")}</p>` : nothing}
      ${cards?.map((card) => this.card(card))}`;
  }

  private card(card: Card): TemplateResult {
    const { dossier, dossier_code, slip, name, since } = card;
    return html`<section class="card" data-card=${dossier}>
      <h2>${name}</h2>
      <p><span class="code">${showSlip(slip)}</span> · ${dossier_code}<br />
        <span class="quiet">${n("cards.since", { at: showInstant(since) })}</span></p>
      ${this.asked === dossier ? this.check(card) : html`<button class="button second" type="button" data-give @click=${() => this.ask(dossier)}>${n("cards.give")}</button>`}
    </section>`;
  }

  private check(card: Card): TemplateResult {
    return html`<p role="status">${n("cards.check", { name: card.name })}</p>
      <div class="row">
        <button class="button" type="button" data-given ?disabled=${this.busy} @click=${() => void this.give(card)}>${n("cards.yes")}</button>
        <button class="button second" type="button" ?disabled=${this.busy} @click=${() => this.ask(null)}>${n("cards.no")}</button>
      </div>`;
  }

  private ask(dossier: string | null): void {
    this.asked = dossier;
    this.given = null;
  }
}

customElements.define("db-cards", CardsPage);
