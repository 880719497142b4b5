import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { t } from "../../i18n/index.ts";

export interface Trouble {
  /** Id of the field to go to. */
  readonly field: string;
  readonly text: string;
}

/** The list of what must be corrected; takes the focus when it appears or changes. */
export class ErrorSummary extends Light {
  static override properties = { troubles: { attribute: false } };

  troubles: readonly Trouble[] = [];

  protected override render(): TemplateResult | typeof nothing {
    if (this.troubles.length === 0) return nothing;
    return html`<div class="summary" role="alert" tabindex="-1" aria-labelledby="summary-title">
      <h2 id="summary-title">${t("field.summary", { count: this.troubles.length })}</h2>
      <ul>
        ${this.troubles.map(
          ({ field, text }) =>
            html`<li><a href="#${field}" @click=${(event: Event) => this.go(event, field)}>${text}</a></li>`,
        )}
      </ul>
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("troubles") || this.troubles.length === 0) return;
    const box = this.querySelector<HTMLElement>(".summary");
    box?.focus({ preventScroll: true });
    box?.scrollIntoView({ block: "start" });
  }

  private go(event: Event, id: string): void {
    event.preventDefault();
    const field = document.getElementById(id);
    field?.scrollIntoView({ block: "center" });
    (field?.matches("fieldset")
      ? (field.querySelector<HTMLElement>("input") ?? field)
      : field
    )?.focus();
  }
}

customElements.define("db-summary", ErrorSummary);
