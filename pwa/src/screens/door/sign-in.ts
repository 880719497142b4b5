import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { type Session, signIn } from "../../identity/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { d } from "./words/index.ts";

/** Signs a clerk, an officer or an administrator in with a passkey. Emits `signed-in` (detail: Session). */
export class SignIn extends Light {
  static override properties = {
    who: { attribute: false },
    within: { type: Boolean },
    problem: { state: true },
    busy: { state: true },
  };

  who!: "clerk" | "officer" | "admin";
  /** Part of a page that has its own heading. */
  within = false;
  private problem: string | null = null;
  private busy = false;

  protected override render(): TemplateResult {
    const title = d(`signin.${this.who}`);
    return html`
      ${this.within ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}
      <p>${d("signin.text")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <div class="foot">
        <button class="button" type="button" data-sign-in ?disabled=${this.busy} @click=${this.enter}>
          ${d("signin.button")}
        </button>
      </div>
      <p class="quiet">${d("signin.invited")}</p>`;
  }

  private readonly enter = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      const detail = await signIn(this.who);
      this.dispatchEvent(new CustomEvent<Session>("signed-in", { detail, bubbles: true }));
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("db-sign-in", SignIn);
