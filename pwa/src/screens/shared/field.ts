import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import { Light } from "../../app/light.ts";
import { t } from "../../i18n/index.ts";
import { type Question, readTyped, showTyped, TYPED } from "./kinds.ts";
import "./commune.ts";

export interface Answered {
  readonly name: string;
  /** Stored form; undefined when the field was emptied. */
  readonly value: string | boolean | undefined;
  /** The person left the field or chose: good moment for a check. */
  readonly settled: boolean;
}

/**
 * One labelled field of a form. Emits `answer` (detail: Answered) at every key and choice.
 * `shared`: the device belongs to a point or to somebody else, so the browser must remember nothing.
 */
export class Field extends Light {
  static override properties = {
    question: { attribute: false },
    value: { attribute: false },
    problem: { attribute: false },
    origin: { attribute: false },
    shared: { type: Boolean },
    typed: { state: true },
    lettered: { state: true },
  };

  question!: Question;
  value: unknown = undefined;
  problem: string | null = null;
  /** Where the value came from, e.g. "Đọc từ mã QR". */
  origin: string | null = null;
  shared = false;
  private typed: string | null = null;
  private lettered = false;

  private get name(): string {
    return this.question.name;
  }

  protected override render(): TemplateResult {
    switch (this.question.kind) {
      case "choice":
        return this.choice();
      case "check":
        return this.check();
      case "commune":
        return this.group(this.communes());
      case "select":
        return this.labelled(this.select());
      default:
        return this.labelled(this.input());
    }
  }

  private labelled(control: TemplateResult): TemplateResult {
    return html`<div class="field ${this.problem ? "wrong" : ""}">
      <label for=${this.name}>${this.question.label} ${this.optionalMark()}</label>
      ${this.above()}${control}${this.below()}
    </div>`;
  }

  private group(controls: TemplateResult): TemplateResult {
    const named = this.question.labelledBy;
    return html`<fieldset
      class="field ${this.problem ? "wrong" : ""}"
      id=${this.name}
      tabindex="-1"
      aria-labelledby=${ifDefined(named)}
      aria-describedby=${ifDefined(this.described())}
    >
      ${named ? nothing : html`<legend>${this.question.label} ${this.optionalMark()}</legend>`}
      ${this.above()}${controls}${this.below()}
    </fieldset>`;
  }

  private optionalMark(): TemplateResult | typeof nothing {
    return this.question.optional
      ? html`<span class="quiet small">${t("field.optional")}</span>`
      : nothing;
  }

  private above(): TemplateResult {
    return html`
      ${this.question.hint ? html`<p class="hint" id="${this.name}-hint">${this.question.hint}</p>` : nothing}
      ${this.problem ? html`<p class="problem" id="${this.name}-problem">${this.problem}</p>` : nothing}`;
  }

  private below(): TemplateResult {
    return html`${this.letterButton()}${this.originMark()}`;
  }

  private letterButton(): TemplateResult | typeof nothing {
    if (!this.question.letters || this.lettered) return nothing;
    return html`<button type="button" class="textbutton" @click=${this.allowLetters}>${this.question.letters}</button>`;
  }

  private async allowLetters(): Promise<void> {
    this.lettered = true;
    await this.updateComplete;
    this.querySelector("input")?.focus();
  }

  private originMark(): TemplateResult | typeof nothing {
    return this.origin
      ? html`<p class="origin" id="${this.name}-origin">✓ ${this.origin}</p>`
      : nothing;
  }

  private described(): string | undefined {
    const ids = [
      this.question.hint && `${this.name}-hint`,
      this.problem && `${this.name}-problem`,
      this.origin && `${this.name}-origin`,
    ].filter(Boolean);
    return ids.length > 0 ? ids.join(" ") : undefined;
  }

  private input(): TemplateResult {
    const kind = TYPED[this.question.kind];
    const short = ["date", "birth", "digits", "phone"].includes(this.question.kind);
    const text = this.typed ?? showTyped(this.question, this.value);
    const common = {
      class: `input ${short ? "short digits" : ""}`,
      autocomplete: (this.shared ? "off" : (this.question.autocomplete ?? "off")) as "off",
    };
    if (this.question.kind === "lines") {
      return html`<textarea id=${this.name} class=${common.class} rows="3" autocomplete=${common.autocomplete}
        spellcheck="false" aria-invalid=${this.problem ? "true" : "false"}
        aria-describedby=${ifDefined(this.described())} .value=${live(text)}
        @input=${this.onTyping} @change=${this.onLeaving}></textarea>`;
    }
    return html`<input id=${this.name} class=${common.class} type="text"
      inputmode=${this.lettered ? "text" : (kind?.inputmode ?? "text")} autocomplete=${common.autocomplete} spellcheck="false"
      autocapitalize=${this.name === "full_name" ? "words" : "off"} autocorrect="off"
      aria-invalid=${this.problem ? "true" : "false"} aria-describedby=${ifDefined(this.described())}
      .value=${live(text)} @input=${this.onTyping} @change=${this.onLeaving} />`;
  }

  private select(): TemplateResult {
    return html`<select id=${this.name} class="input" autocomplete="off"
      aria-invalid=${this.problem ? "true" : "false"} aria-describedby=${ifDefined(this.described())}
      @change=${(event: Event) => this.tell((event.target as HTMLSelectElement).value || undefined)}>
      <option value="" ?selected=${!this.value}>${t("field.choose")}</option>
      ${this.question.options?.map(
        (option) =>
          html`<option value=${option.value} ?selected=${option.value === this.value}>${option.label}</option>`,
      )}
    </select>`;
  }

  private choice(): TemplateResult {
    const options = this.question.options ?? [];
    return this.group(
      html`${options.map(
        (option) => html`<label class="choice">
          <input type="radio" name=${this.name} value=${option.value} autocomplete="off"
            .checked=${live(String(this.value) === option.value)} @change=${() => this.tell(option.value)} />
          <span>${option.label}${option.about ? html`<span class="about">${option.about}</span>` : nothing}</span>
        </label>`,
      )}`,
    );
  }

  private check(): TemplateResult {
    return html`<div class="field ${this.problem ? "wrong" : ""}">
      ${this.above()}
      <label class="choice">
        <input type="checkbox" id=${this.name} autocomplete="off" .checked=${live(this.value === true)}
          aria-invalid=${this.problem ? "true" : "false"} aria-describedby=${ifDefined(this.described())}
          @change=${(event: Event) => this.tell((event.target as HTMLInputElement).checked)} />
        <span>${this.question.label}</span>
      </label>
    </div>`;
  }

  private communes(): TemplateResult {
    return html`<db-commune .name=${this.name} .value=${this.value} .suggest=${this.question.suggest ?? ""}
      @pick=${(event: CustomEvent<string>) => this.tell(event.detail)}></db-commune>`;
  }

  private onTyping(event: Event): void {
    this.typed = (event.target as HTMLInputElement).value;
    this.tell(readTyped(this.question, this.typed) || undefined, false);
  }

  private onLeaving(event: Event): void {
    const typed = (event.target as HTMLInputElement).value;
    this.typed = null;
    this.tell(readTyped(this.question, typed) || undefined);
  }

  private tell(value: string | boolean | undefined, settled = true): void {
    this.value = value;
    const detail: Answered = { name: this.name, value, settled };
    this.dispatchEvent(new CustomEvent("answer", { detail, bubbles: true }));
  }
}

customElements.define("db-field", Field);
