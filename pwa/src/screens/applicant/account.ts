import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { join, register, signInToSend } from "../../identity/index.ts";
import { read } from "../../store/db.ts";
import { onSignal } from "../../store/signals.ts";
import { current, listVaults, onVaultChange } from "../../vault/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { w } from "./words/index.ts";

/** An account for the open vault of the person's own phone: never needed to fill or to send. */
export class Account extends Light {
  static override properties = {
    problem: { state: true },
    busy: { state: true },
    known: { state: true },
    ended: { state: true },
  };

  private problem: string | null = null;
  private busy = false;
  /** A vault of this device has an account, open or not. */
  private known = false;
  /** Owners with an account that may no longer send. */
  private ended: readonly string[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(onVaultChange(() => this.requestUpdate()));
    this.until(onSignal(() => void this.look()));
    void this.look();
  }

  private async look(): Promise<void> {
    const owned = (await listVaults()).filter(({ account }) => account !== undefined);
    const grants = await read(["grants"], (tx) => tx.all("grants"));
    const refused = new Set(
      grants.filter(({ state }) => state === "refused").map((one) => one.owner),
    );
    this.known = owned.length > 0;
    this.ended = owned.map(({ owner }) => owner).filter((owner) => refused.has(owner));
  }

  protected override render(): TemplateResult | typeof nothing {
    return html`${this.signInFirst()}${this.making()}${
      this.known
        ? html`<p><a class="button second" href="/thiet-bi" data-devices>${w("account.devices")}</a></p>`
        : nothing
    }`;
  }

  /** What is written stays; sending waits for this. */
  private signInFirst(): TemplateResult | typeof nothing {
    if (this.ended.length === 0) return nothing;
    const open = this.ended.includes(current()?.owner ?? "");
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
    if (vault?.mode !== "own") return nothing;
    if (vault.account) return html`<p class="quiet" data-account>${w("account.made")}</p>`;
    return html`<section class="card">
      <h2>${w("account.title")}</h2>
      <p>${w("account.text")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <div class="row">
        <button class="button second" type="button" data-register ?disabled=${this.busy} @click=${() => this.by(register)}>
          ${w("account.make")}
        </button>
        <button class="button second" type="button" data-join ?disabled=${this.busy} @click=${() => this.by(join)}>
          ${w("account.join")}
        </button>
      </div>
    </section>`;
  }

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
    }
  }
}

customElements.define("db-account", Account);
