import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { ApiError, addPasskey, passkeysOf } from "../../identity/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { m } from "./words/index.ts";

/** How many passkeys the account has: with one it is lost when that is. */
export class Passkeys extends Light {
  static override properties = {
    who: { attribute: false },
    count: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  who: "applicant" | "clerk" = "applicant";
  private count = 0;
  private problem: string | null = null;
  private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.look();
  }

  private async look(): Promise<void> {
    try {
      this.count = (await passkeysOf(this.who)).length;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause; // the page around says so
      this.count = 0;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.count === 0) return nothing;
    return html`<section class="card" data-passkeys=${this.count}>
      <h2>${m("keys_title")}</h2>
      <p>${this.count === 1 ? m("keys_one") : m("keys_some", { n: this.count })}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <button class="button second" type="button" data-add-passkey ?disabled=${this.busy} @click=${this.add}>${m("keys_add")}</button>
    </section>`;
  }

  private readonly add = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      await addPasskey(this.who);
      await this.look();
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("db-passkeys", Passkeys);
