import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { Light } from "../../app/light.ts";
import type { Answered } from "./field.ts";

/** A PIN of digits. Emits `answer`; the browser is asked not to keep it. */
export class Pin extends Light {
  static override properties = {
    name: {},
    label: { attribute: false },
    hint: { attribute: false },
    problem: { attribute: false },
  };

  name = "pin";
  label = "";
  hint: string | null = null;
  problem: string | null = null;

  protected override render(): TemplateResult {
    const described = [this.hint && `${this.name}-hint`, this.problem && `${this.name}-problem`]
      .filter(Boolean)
      .join(" ");
    return html`<div class="field ${this.problem ? "wrong" : ""}">
      <label for="${this.name}-input">${this.label}</label>
      ${this.hint ? html`<p class="hint" id="${this.name}-hint">${this.hint}</p>` : nothing}
      ${this.problem ? html`<p class="problem" id="${this.name}-problem">${this.problem}</p>` : nothing}
      <input class="input short digits" id="${this.name}-input" type="password" inputmode="numeric"
        autocomplete="one-time-code" maxlength="12" aria-invalid=${this.problem ? "true" : "false"}
        aria-describedby=${ifDefined(described || undefined)} @input=${this.tell} />
    </div>`;
  }

  private tell(event: Event): void {
    const value = (event.target as HTMLInputElement).value.replace(/\s/g, "");
    const detail: Answered = { name: this.name, value, settled: false };
    this.dispatchEvent(new CustomEvent("answer", { detail, bubbles: true }));
  }
}

/** Too short or long, or one of the first that anybody would try; null when it will do. */
export function pinTrouble(pin: string): "short" | "weak" | null {
  if (!/^[0-9]{6,12}$/.test(pin)) return "short";
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  const [step] = steps;
  return steps.size === 1 && [0, 1, -1].includes(step ?? 9) ? "weak" : null;
}

customElements.define("db-pin", Pin);
