import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { openDemo } from "../../identity/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { enteredByDemo, homeOf } from "./entered.ts";
import { d } from "./words/index.ts";

/** A trial link: opens the session when the button is pressed, not when a link is previewed. */
export class DemoPage extends Page {
  static override properties = {
    ...Page.properties,
    problem: { state: true },
    busy: { state: true },
  };

  private problem: string | null = null;
  private busy = false;

  private get token(): string {
    return location.hash.slice(1);
  }

  protected override content(): TemplateResult {
    const problem = this.problem ?? (this.token ? null : d("demo.none"));
    return html`
      <h1>${d("demo.title")}</h1>
      <p>${d("demo.text")}</p>
      ${problem ? html`<p class="note must" role="alert">${problem}</p>` : nothing}
      <div class="foot">
        ${
          this.token
            ? html`<button class="button" type="button" data-begin ?disabled=${this.busy} @click=${this.begin}>
                ${d("demo.button")}
              </button>`
            : nothing
        }
      </div>`;
  }

  private readonly begin = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      const session = await openDemo(this.token);
      enteredByDemo();
      navigate(homeOf(session), { replace: true });
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("db-demo", DemoPage);
