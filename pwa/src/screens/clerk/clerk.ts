import "../../styles/tablet.css";
import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { TAKE } from "../../app/claim-link.ts";
import { Page } from "../../app/page.ts";
import { t } from "../../i18n/index.ts";
import { ApiError, type Session, signOut } from "../../identity/index.ts";
import { onNetwork } from "../../sync/index.ts";
import { current, lock } from "../../vault/index.ts";
import "../door/sign-in.ts";
import { d } from "../door/words/index.ts";
import "../shared/idle.ts";
import { h } from "../handover/words/index.ts";
import { whyRefused } from "../shared/problem.ts";
import "./open-vault.ts";
import {
  adoptOnce,
  clerkSession,
  entered,
  type Place,
  placesHere,
  type Shift,
  shiftNow,
} from "./shift.ts";
import { c } from "./words/index.ts";

/**
 * The tablet between two people: sign in, open the vault, help the next one. It is also the door
 * of every page that needs a vault on a tablet: opening it brings the page that was asked for.
 */
export class ClerkPage extends Page {
  static override properties = {
    ...Page.properties,
    clerk: { state: true },
    shift: { state: true },
    places: { state: true },
    chosen: { state: true },
    arriving: { state: true },
    problem: { state: true },
  };

  private clerk: Session | null = null;
  private offline = false;
  private shift: Shift | null = null;
  private places: readonly Place[] = [];
  /** Whose vault is to be opened; null: a new one is to be made. */
  private chosen: Place | null = null;
  /** The person named it by a tap: what opens it may be asked for at once. */
  private tapped = false;
  /** Somebody signs in who has no vault here, or not with the session that is on. */
  private arriving = false;
  private problem: string | null = null;

  override get back(): string | null {
    return null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(onNetwork(() => void this.load()));
  }

  protected override async load(): Promise<void> {
    const { session, offline } = await clerkSession();
    this.clerk = session;
    this.offline = offline;
    await this.look();
  }

  private async look(): Promise<void> {
    this.shift = await shiftNow();
    this.places = await placesHere();
    const account = this.clerk?.account;
    const mine = this.places.find(({ shift }) => shift?.account === account);
    if (!this.tapped) this.chosen = mine ?? (this.clerk ? null : (this.places[0] ?? null));
    if (!this.clerk || !this.shift) return;
    if (this.shift.account === account) await adoptOnce();
    else await this.endSession().catch(onlyOffline); // of the clerk before; else at the next network
  }

  private readonly onSignedIn = async ({ detail }: CustomEvent<Session>): Promise<void> => {
    entered(detail);
    this.clerk = detail;
    this.arriving = false;
    await this.look();
  };

  /** @throws ApiError */
  private async endSession(): Promise<void> {
    this.clerk = null;
    await signOut("clerk");
    entered(null);
  }

  private readonly leave = async (): Promise<void> => {
    this.problem = null;
    await this.endSession().catch((cause: unknown) => {
      this.problem = whyRefused(cause);
    });
    lock();
  };

  protected override content(): TemplateResult {
    if (current()?.mode === "clerk") return this.between();
    if (this.arriving) return this.door();
    if (this.clerk || this.places.length > 0) return this.locked();
    if (this.offline)
      return html`<h1>${d("signin.clerk")}</h1><p class="note wait">${c("offline.first")}</p>`;
    return this.door();
  }

  private door(within = false): TemplateResult {
    return html`<db-sign-in .who=${"clerk"} ?within=${within} @signed-in=${this.onSignedIn}></db-sign-in>`;
  }

  /** One clerk's lock, and the other clerks of this tablet one tap away. */
  private locked(): TemplateResult {
    const { chosen, tapped } = this;
    const opener = html`<db-open-vault .vault=${chosen?.vault ?? null} .who=${chosen?.shift?.name ?? null}
      ?at-once=${tapped}></db-open-vault>`;
    return html`
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${keyed(chosen?.vault.id ?? "new", opener)}
      ${this.others()}`;
  }

  private others(): TemplateResult | typeof nothing {
    const others = this.places.filter(({ vault }) => vault.id !== this.chosen?.vault.id);
    if (others.length === 0 && this.offline) return nothing;
    return html`<section class="others">
      <h2>${c("door.others")}</h2>
      ${others.map((place) => this.other(place))}
      ${
        this.offline
          ? nothing
          : html`<button type="button" class="textbutton" data-arrive @click=${this.arrive}>${c("door.new")}</button>`
      }
    </section>`;
  }

  private other(place: Place): TemplateResult {
    const { name, point } = place.shift ?? { name: null, point: null };
    return html`<button type="button" class="button second" data-vault=${place.vault.id}
      @click=${() => this.choose(place)}>${name ?? c("band.clerk")}${point ? html`<br /><span class="quiet small">${point.name}</span>` : nothing}</button>`;
  }

  private choose(place: Place): void {
    this.problem = null;
    this.tapped = true;
    this.chosen = place;
  }

  private readonly arrive = async (): Promise<void> => {
    this.problem = null;
    try {
      if (this.clerk) await this.endSession();
      this.arriving = true;
    } catch (cause) {
      this.problem = whyRefused(cause);
    }
  };

  private between(): TemplateResult {
    return html`
      <h1>${c("home.title")}</h1>
      <p>${this.shift?.name ?? ""}${this.shift?.point ? html`<br /><span class="quiet">${this.shift.point.name}</span>` : nothing}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <p class="note">${c("home.text")}</p>
      ${this.clerk || this.offline ? nothing : html`<section class="card">${this.door(true)}</section>`}
      <p><a class="button second" href=${TAKE} data-take>${h("list.take_phone")}</a></p>
      <div class="row">
        <button type="button" class="button second" data-lock @click=${lock}>${t("app.lock")}</button>
        ${
          this.clerk
            ? html`<a class="button second" href="/so-thu-tu">${c("home.numbers")}</a>
              <a class="button second" href="/thiet-bi?role=clerk">${c("home.devices")}</a>
              <button type="button" class="button second" data-sign-out @click=${this.leave}>${c("home.end")}</button>`
            : nothing
        }
      </div>
      <db-idle></db-idle>`;
  }
}

function onlyOffline(cause: unknown): void {
  if (!(cause instanceof ApiError)) throw cause;
}

customElements.define("db-clerk", ClerkPage);
