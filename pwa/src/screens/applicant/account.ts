import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Elsewhere } from "../../drafts/elsewhere.ts";
import { ApiError, join, register, signIn, signInToSend } from "../../identity/index.ts";
import { read } from "../../store/db.ts";
import { onSignal } from "../../store/signals.ts";
import { current, listVaults, onVaultChange } from "../../vault/index.ts";
import { m } from "../devices/words/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { w } from "./words/index.ts";

/** What other devices have needs the server anyway. */
const others = () => import("../../drafts/elsewhere.ts");

/** An account for the open vault of the person's own phone: never needed to fill or to send. */
export class Account extends Light {
  static override properties = {
    problem: { state: true },
    busy: { state: true },
    known: { state: true },
    ended: { state: true },
    mine: { state: true },
    away: { state: true },
    brought: { state: true },
  };

  private problem: string | null = null;
  private busy = false;
  /** A vault of this device has an account, open or not. */
  private known = false;
  /** Owners with an account that may no longer send. */
  private ended: readonly string[] = [];
  /** Somebody's own vault is here, or nobody's at all. */
  private mine: "none" | "some" | "other" = "other";
  /** Of the account, on other devices only; null until the server was asked as that account. */
  private away: readonly Elsewhere[] | null = null;
  private brought: number | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(onVaultChange(() => void this.lookAway()));
    this.until(onSignal(() => void this.look()));
    void this.look();
    void this.lookAway();
  }

  /** What other devices have is news only where somebody looks: each visit asks once. */
  private async lookAway(): Promise<void> {
    try {
      if (!current()?.account) this.away = null;
      else {
        await import("../identity/linked.ts");
        this.away = await (await others()).elsewhere();
      }
    } catch (cause) {
      if (!(cause instanceof ApiError || cause instanceof TypeError)) throw cause;
      // No network, or no session: the button signs in, and what is known stays.
    }
    this.requestUpdate();
  }

  private async look(): Promise<void> {
    const vaults = (await listVaults()).filter(({ sealed }) => !sealed);
    const owned = vaults.filter(({ account }) => account !== undefined);
    this.mine = vaults.some(({ mode }) => mode === "own") ? "some" : vaults[0] ? "other" : "none";
    const grants = await read(["grants"], (tx) => tx.all("grants"));
    const refused = new Set(
      grants.filter(({ state }) => state === "refused").map((one) => one.owner),
    );
    this.known = owned.length > 0;
    this.ended = owned.flatMap(({ owners }) => owners).filter((owner) => refused.has(owner));
  }

  protected override render(): TemplateResult | typeof nothing {
    return html`${this.signInFirst()}${this.making()}${this.bringing()}${
      this.known
        ? html`<p><a class="button second" href="/thiet-bi" data-devices>${w("account.devices")}</a></p>`
        : nothing
    }`;
  }

  /** What is written stays; sending waits for this. */
  private signInFirst(): TemplateResult | typeof nothing {
    if (this.ended.length === 0) return nothing;
    const open = this.ended.some((owner) => current()?.owners.includes(owner));
    return html`<section class="note must" role="status" data-ended>
      <p>${w("dossier.todo_sign_in")}</p>
      ${this.problem && open ? html`<p role="alert">${this.problem}</p>` : nothing}
      ${
        open
          ? html`<button class="button" type="button" data-sign-in ?disabled=${this.busy}
              @click=${() => this.by(() => signInToSend("applicant"))}>${w("dossier.sign_in")}</button>`
          : html`<p>${w("account.unlock")}</p>`
      }
    </section>`;
  }

  private making(): TemplateResult | typeof nothing {
    const vault = current();
    if (!vault) return this.opening();
    if (vault.mode !== "own") return nothing;
    if (vault.account)
      return html`<p class="quiet" data-account>${w("account.made")}</p>
        <db-linked-identity .since=${this.away}></db-linked-identity>`;
    return html`<section class="card">
      <h2>${w("account.title")}</h2>
      <p>${w("account.text")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <div class="row">
        <button class="button second" type="button" data-register ?disabled=${this.busy} @click=${() => this.by(register)}>
          ${w("account.make")}
        </button>
        <button class="button second" type="button" data-join ?disabled=${this.busy} @click=${() => this.by(this.joinAndBring)}>
          ${w("account.join")}
        </button>
      </div>
    </section>`;
  }

  /** Nothing is open: what is here is opened, or what an account has is brought. */
  private opening(): TemplateResult | typeof nothing {
    if (this.mine === "other") return nothing;
    return this.mine === "some"
      ? html`<p><a class="button second" href="/mo-khoa" data-open-mine>${m("open_mine")}</a></p>`
      : html`<p><a class="button second" href="/thiet-bi/tai-khoan" data-enter>${w("account.join")}</a></p>`;
  }

  /** What the account's other devices have comes here by one button. */
  private bringing(): TemplateResult | typeof nothing {
    const vault = current();
    if (vault?.mode !== "own" || !vault.account || this.away?.length === 0) {
      return this.brought
        ? html`<p class="note done" role="status" data-brought>${m("brought", { n: this.brought })}</p>`
        : nothing;
    }
    const known = this.away !== null;
    return html`<section class=${known ? "note wait" : ""} data-away=${this.away?.length ?? nothing}>
      ${known ? html`<p>${m("bring_some", { n: this.away?.length ?? 0 })}</p>` : nothing}
      ${this.problem ? html`<p role="alert">${this.problem}</p>` : nothing}
      <p><button class="button ${known ? "" : "second"}" type="button" data-bring ?disabled=${this.busy}
        @click=${() => this.by(this.signInAndBring)}>${m(this.busy ? "bringing" : "bring")}</button></p>
    </section>`;
  }

  private readonly joinAndBring = async (): Promise<void> => {
    await join();
    this.brought = await (await others()).bring();
  };

  private readonly signInAndBring = async (): Promise<void> => {
    await signIn("applicant");
    this.brought = await (await others()).bring();
  };

  private async by(way: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await way();
      await this.look();
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
      await this.lookAway();
    }
  }
}

customElements.define("db-account", Account);
