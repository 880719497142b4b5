import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Light } from "../../app/light.ts";
import { t } from "../../i18n/index.ts";
import { type Commune, findCommunes, loadCommunes } from "./places.ts";

const SHOWN = 6;

/** A commune of the home province, found by its new or an old name, with or without accents. */
export class CommunePick extends Light {
  static override properties = {
    name: { attribute: false },
    value: { attribute: false },
    suggest: { attribute: false },
    asked: { state: true },
    communes: { state: true },
  };

  name = "commune";
  value: unknown = undefined;
  /** An old or new name to begin the search with, e.g. from an ID card's address. */
  suggest = "";
  private asked = "";
  private communes: readonly Commune[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (!this.value) this.asked = this.suggest;
    void loadCommunes().then((communes) => {
      this.communes = communes;
    });
  }

  private get offered(): readonly Commune[] {
    const chosen = this.communes.filter(({ code }) => code === this.value);
    if (!this.asked.trim()) return chosen;
    const found = findCommunes(this.communes, this.asked).filter(({ code }) => code !== this.value);
    return [...chosen, ...found.slice(0, SHOWN)];
  }

  protected override render(): TemplateResult {
    const matches = this.offered;
    return html`
      <input class="input" type="search" id="${this.name}-search" aria-label=${t("field.search")}
        placeholder=${t("field.search")} autocomplete="off" spellcheck="false" .value=${live(this.asked)}
        @input=${(event: Event) => {
          this.asked = (event.target as HTMLInputElement).value;
        }} />
      <p class="hint" role="status">${this.asked.trim() && matches.length === 0 ? t("field.none_found") : nothing}</p>
      ${matches.map((commune) => this.option(commune))}`;
  }

  private option(commune: Commune): TemplateResult {
    return html`<label class="choice">
      <input type="radio" name=${this.name} value=${commune.code} autocomplete="off"
        .checked=${live(commune.code === this.value)} @change=${() => this.pick(commune.code)} />
      <span>${commune.name}${commune.was ? html`<span class="about">${commune.was}</span>` : nothing}</span>
    </label>`;
  }

  private pick(code: string): void {
    this.value = code;
    this.asked = "";
    this.dispatchEvent(new CustomEvent("pick", { detail: code }));
  }
}

customElements.define("db-commune", CommunePick);
