import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { register } from "../../identity/index.ts";
import { current, onVaultChange } from "../../vault/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { w } from "./words/index.ts";

/** An account for the open vault of the person's own phone: never needed to fill or to send. */
export class Account extends Light {
  static override properties = { problem: { state: true }, busy: { state: true } };

  private problem: string | null = null;
  private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(onVaultChange(() => this.requestUpdate()));
  }

  protected override render(): TemplateResult | typeof nothing {
    const vault = current();
    if (vault?.mode !== "own") return nothing;
    if (vault.account) return html`<p class="quiet" data-account>${w("account.made")}</p>`;
    return html`<section class="card">
      <h2>${w("account.title")}</h2>
      <p>${w("account.text")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <button class="button second" type="button" data-register ?disabled=${this.busy} @click=${this.make}>
        ${w("account.make")}
      </button>
    </section>`;
  }

  private readonly make = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      await register();
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("db-account", Account);
