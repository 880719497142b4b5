import "../../styles/tablet.css";
import { html, nothing, type TemplateResult } from "lit";
import { TAKE } from "../../app/claim-link.ts";
import { Page } from "../../app/page.ts";
import { t } from "../../i18n/index.ts";
import { type Session, signOut } from "../../identity/index.ts";
import { current, lock, type VaultInfo } from "../../vault/index.ts";
import "../door/sign-in.ts";
import { d } from "../door/words/index.ts";
import { h } from "../handover/words/index.ts";
import { whyRefused } from "../shared/problem.ts";
import "./open-vault.ts";
import { adoptOnce, clerkSession, entered, type Shift, shiftNow, vaultsOf } from "./shift.ts";
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
    vault: { state: true },
    problem: { state: true },
  };

  private clerk: Session | null = null;
  private offline = false;
  private shift: Shift | null = null;
  private vault: VaultInfo | null = null;
  private problem: string | null = null;

  override get back(): string | null {
    return null;
  }

  protected override async load(): Promise<void> {
    const { session, offline } = await clerkSession();
    this.clerk = session;
    this.offline = offline;
    await this.look();
  }

  private async look(): Promise<void> {
    this.shift = await shiftNow();
    this.vault = (await vaultsOf(this.clerk?.account ?? null))[0] ?? null;
    if (this.clerk && this.shift) await adoptOnce();
  }

  private readonly onSignedIn = async ({ detail }: CustomEvent<Session>): Promise<void> => {
    entered(detail);
    this.clerk = detail;
    await this.look();
  };

  private readonly leave = async (): Promise<void> => {
    this.problem = null;
    try {
      await signOut("clerk");
      entered(null);
      this.clerk = null;
    } catch (cause) {
      this.problem = whyRefused(cause);
    }
    lock();
  };

  protected override content(): TemplateResult {
    if (current()?.mode === "clerk") return this.between();
    if (this.clerk || (this.offline && this.vault))
      return html`<db-open-vault .vault=${this.vault}></db-open-vault>`;
    if (this.offline)
      return html`<h1>${d("signin.clerk")}</h1><p class="note wait">${c("offline.first")}</p>`;
    return this.door();
  }

  private door(): TemplateResult {
    return html`<db-sign-in .who=${"clerk"} @signed-in=${this.onSignedIn}></db-sign-in>`;
  }

  private between(): TemplateResult {
    return html`
      <h1>${c("home.title")}</h1>
      <p>${this.shift?.name ?? ""}${this.shift?.point ? html`<br /><span class="quiet">${this.shift.point.name}</span>` : nothing}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <p class="note">${c("home.text")}</p>
      ${this.clerk || this.offline ? nothing : html`<section class="card">${this.door()}</section>`}
      <p><a class="button second" href=${TAKE} data-take>${h("list.take_phone")}</a></p>
      <div class="row">
        <button type="button" class="button second" data-lock @click=${lock}>${t("app.lock")}</button>
        ${
          this.clerk
            ? html`<a class="button second" href="/thiet-bi?role=clerk">${c("home.devices")}</a>
              <button type="button" class="button second" data-sign-out @click=${this.leave}>${c("home.end")}</button>`
            : nothing
        }
      </div>`;
  }
}

customElements.define("db-clerk", ClerkPage);
