import { html, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Light } from "../../app/light.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { lawsOn, rejectReasons } from "./reasons.ts";
import { o } from "./words/index.ts";

/** A refusal: its reason, the law, own words. Emits `ready` ({reason, law, text}) and `cancel`. */
export class RejectForm extends Light {
  static override properties = {
    on: { attribute: false },
    reason: { state: true },
    law: { state: true },
    troubles: { state: true },
  };

  /** The day whose law counts, YYYY-MM-DD. */
  on = "";
  private reason = "";
  private law = "";
  private text = "";
  private troubles: readonly Trouble[] = [];

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("h3")?.focus();
  }

  protected override render(): TemplateResult {
    return html`<form class="decision" @submit=${this.send} novalidate>
      <db-summary .troubles=${this.troubles}></db-summary>
      <h3 tabindex="-1">${o("reject.title")}</h3>
      <p class="quiet">${o("reject.text")}</p>
      <fieldset id="reject-reason" tabindex="-1">
        <legend>${o("reject.reason")}</legend>
        ${rejectReasons().map(
          ({ value, label, law }) => html`<label class="choice">
            <input type="radio" name="reject-reason" value=${value} .checked=${live(this.reason === value)}
              @change=${() => this.choose(value, law)} />
            <span>${label}</span>
          </label>`,
        )}
      </fieldset>
      <label for="reject-law">${o("reject.law")}</label>
      <select class="input" id="reject-law" @change=${(event: Event) => {
        this.law = (event.target as HTMLSelectElement).value;
      }}>
        <option value="" ?selected=${!this.law}>${o("reject.law_choose")}</option>
        ${lawsOn(this.on).map(({ value, label }) => html`<option value=${value} ?selected=${this.law === value}>${label}</option>`)}
      </select>
      <label for="reject-text">${o("reject.words")}</label>
      <textarea class="input" id="reject-text" rows="3" maxlength="1000" autocomplete="off" spellcheck="false"
        @input=${(event: Event) => {
          this.text = (event.target as HTMLTextAreaElement).value;
        }}></textarea>
      <div class="row">
        <button class="button" data-reject-send>${o("reject.send")}</button>
        <button class="button second" type="button" @click=${() => this.dispatchEvent(new Event("cancel"))}>${o("decide.cancel")}</button>
      </div>
    </form>`;
  }

  private choose(reason: string, law: string): void {
    this.reason = reason;
    this.law = law;
  }

  private readonly send = (event: Event): void => {
    event.preventDefault();
    this.troubles = [
      ...(this.reason ? [] : [{ field: "reject-reason", text: o("reject.reason_needed") }]),
      ...(this.law ? [] : [{ field: "reject-law", text: o("reject.law_needed") }]),
    ];
    if (this.troubles.length > 0) return;
    const text = this.text.normalize("NFC").trim() || null;
    this.dispatchEvent(
      new CustomEvent("ready", { detail: { reason: this.reason, law: this.law, text } }),
    );
  };
}

customElements.define("db-reject-form", RejectForm);
