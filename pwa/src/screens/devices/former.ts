import { html, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { openFormer } from "../../vault/reguard.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/pin.ts";
import { whyRefused } from "../shared/problem.ts";
import { m } from "./words/index.ts";

/** What stayed under a forgotten PIN opens as soon as it is remembered. */
export class Former extends Light {
  static override properties = {
    count: { attribute: false },
    problem: { state: true },
    busy: { state: true },
  };

  count = 0;
  private pin = "";
  private problem: string | null = null;
  private busy = false;

  protected override render(): TemplateResult {
    return html`<section class="card" data-former-pin>
      <h2>${m("former_title")}</h2>
      <p>${m("former_text", { n: this.count })}</p>
      <form novalidate autocomplete="off" @submit=${this.open} @answer=${this.type}>
        <db-pin name="former" .label=${m("former_pin")} .problem=${this.problem}></db-pin>
        <button class="button second" ?disabled=${this.busy}>${m("former_open")}</button>
      </form>
    </section>`;
  }

  private type({ detail }: CustomEvent<Answered>): void {
    this.pin = String(detail.value ?? "");
  }

  private readonly open = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.busy = true;
    this.problem = null;
    try {
      await openFormer({ kind: "pin", pin: this.pin });
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("db-former", Former);
