import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Light } from "../../app/light.ts";
import { nameOf, whyFound } from "../shared/explain.ts";
import { OWN, returnWords } from "../shared/reasons.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import type { DeskDossier, ReturnItem } from "./model.ts";
import { returnReasons, targetsOf, ticked, unexplained } from "./reasons.ts";
import { o } from "./words/index.ts";

const tidy = (text: string): string => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** One complete list of what is to be corrected. Emits `ready` ({items, text}) and `cancel`. */
export class ReturnForm extends Light {
  static override properties = {
    dossier: { attribute: false },
    items: { state: true },
    note: { state: true },
    troubles: { state: true },
  };

  dossier!: DeskDossier;
  private items: ReadonlyMap<string, ReturnItem> = new Map();
  private note = "";
  private troubles: readonly Trouble[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const begin = ticked(this.dossier, targetsOf(this.dossier));
    this.items = new Map(begin.map((target) => [target, this.fresh(target)]));
  }

  private fresh(target: string): ReturnItem {
    return { target, reason: returnReasons(target)[0]?.value ?? OWN, text: "" };
  }

  protected override firstUpdated(): void {
    this.querySelector<HTMLElement>("h3")?.focus();
  }

  protected override render(): TemplateResult {
    const targets = targetsOf(this.dossier);
    return html`<form class="decision" @submit=${this.send} novalidate>
      <db-summary .troubles=${this.troubles}></db-summary>
      <h3 tabindex="-1">${o("return.title")}</h3>
      <p class="quiet">${o("return.text")}</p>
      <fieldset class="targets">
        <legend class="visually-hidden">${o("return.targets")}</legend>
        ${targets.map((target) => this.target(target))}
      </fieldset>
      <label for="return-note">${o("return.note")}</label>
      <textarea class="input" id="return-note" rows="2" maxlength="1000" autocomplete="off" spellcheck="false"
        .value=${live(this.note)} @input=${(event: Event) => {
          this.note = (event.target as HTMLTextAreaElement).value;
        }}></textarea>
      ${this.preview()}
      <div class="row">
        <button class="button" data-return-send>${o("return.send", { count: this.items.size })}</button>
        <button class="button second" type="button" @click=${this.cancel}>${o("decide.cancel")}</button>
      </div>
    </form>`;
  }

  private target(target: string): TemplateResult {
    const item = this.items.get(target);
    const found = this.dossier.findings.filter(
      ({ field, severity }) => field === target && severity !== "notice",
    );
    return html`<div class="target">
      <label class="choice" id="target-${target}">
        <input type="checkbox" name=${target} .checked=${live(item !== undefined)} @change=${() => this.toggle(target)} />
        <span>${nameOf(target)}
          ${found.map(({ code, field, params }) => html`<span class="about">${whyFound(code, field, params) ?? code}</span>`)}
        </span>
      </label>
      ${item ? this.why(item) : nothing}
    </div>`;
  }

  private why(item: ReturnItem): TemplateResult {
    const { target, reason, text } = item;
    return html`<div class="ground">
      <label class="visually-hidden" for="reason-${target}">${o("return.reason", { what: nameOf(target) })}</label>
      <select class="input" id="reason-${target}" @change=${(event: Event) =>
        this.put({ ...item, reason: (event.target as HTMLSelectElement).value })}>
        ${returnReasons(target).map(
          ({ value, label }) =>
            html`<option value=${value} ?selected=${value === reason}>${label}</option>`,
        )}
        <option value=${OWN} ?selected=${reason === OWN}>${o("return.own")}</option>
      </select>
      <label class="visually-hidden" for="text-${target}">${o("return.words", { what: nameOf(target) })}</label>
      <input class="input" id="text-${target}" maxlength="500" autocomplete="off" spellcheck="false"
        placeholder=${o(reason === OWN ? "return.words_needed" : "return.words_more")} .value=${live(text)}
        @input=${(event: Event) => this.put({ ...item, text: (event.target as HTMLInputElement).value })} />
    </div>`;
  }

  private preview(): TemplateResult | typeof nothing {
    if (this.items.size === 0) return nothing;
    return html`<section class="note">
      <h4>${o("return.preview")}</h4>
      <ol>${[...this.items.values()].map((item) => html`<li>${returnWords(item)}</li>`)}</ol>
    </section>`;
  }

  private toggle(target: string): void {
    const items = new Map(this.items);
    if (!items.delete(target)) items.set(target, this.fresh(target));
    this.items = items;
  }

  private put(item: ReturnItem): void {
    this.items = new Map(this.items).set(item.target, item);
  }

  private readonly cancel = (): void => {
    this.dispatchEvent(new Event("cancel"));
  };

  private readonly send = (event: Event): void => {
    event.preventDefault();
    const items = [...this.items.values()].map((item) => ({ ...item, text: tidy(item.text) }));
    this.troubles = this.wrong(items);
    if (this.troubles.length > 0) return;
    const detail = { items, text: tidy(this.note) || null };
    this.dispatchEvent(new CustomEvent("ready", { detail }));
  };

  private wrong(items: readonly ReturnItem[]): Trouble[] {
    if (items.length === 0) return [{ field: "return-note", text: o("return.nothing") }];
    const silent = unexplained(items);
    const text = silent && o("return.unexplained", { what: nameOf(silent.target) });
    return text ? [{ field: `text-${silent.target}`, text }] : [];
  }
}

customElements.define("db-return-form", ReturnForm);
