import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { Page } from "../../app/page.ts";
import { t } from "../../i18n/index.ts";
import { type Commune, fold, intakePoints, loadCommunes, type Point } from "../shared/places.ts";
import { w } from "./words/index.ts";

/** Where help is, what to bring, and that nothing needs a network. */
export class HelpPage extends Page {
  static override properties = { ...Page.properties, asked: { state: true } };
  private asked = "";
  private communes: ReadonlyMap<string, Commune> = new Map();

  protected override async load(): Promise<void> {
    this.communes = new Map((await loadCommunes()).map((commune) => [commune.code, commune]));
  }

  /** Rural points first; a typed commune keeps the points whose present or former place has it. */
  private get points(): Point[] {
    const wanted = fold(this.asked).trim();
    return intakePoints()
      .filter((point) => {
        const commune = this.communes.get(point.commune);
        return fold(`${point.name} ${commune?.name ?? ""} ${commune?.was ?? ""}`).includes(wanted);
      })
      .sort((a, b) => Number(b.rural) - Number(a.rural));
  }

  protected override content(): TemplateResult {
    const points = this.points;
    return html`
      <h1>${w("help.title")}</h1>
      <p>${w("help.how")}</p>
      <section class="note">
        <h2>${w("help.bring")}</h2>
        <ul>${([1, 2, 3, 4] as const).map((n) => html`<li>${w(`help.bring_${n}`)}</li>`)}</ul>
      </section>
      <p>${w("help.offline")}</p>
      <h2>${w("help.points")}</h2>
      <div class="field">
        <label for="find">${w("help.find")}</label>
        <input class="input" id="find" type="search" autocomplete="off" spellcheck="false" .value=${live(this.asked)}
          @input=${(event: Event) => {
            this.asked = (event.target as HTMLInputElement).value;
          }} />
        <p class="hint" role="status">${points.length === 0 ? t("field.none_found") : nothing}</p>
      </div>
      <ul>
        ${points.map(
          (point) => html`<li>
            <strong>${point.name}</strong>${point.rural ? html` <span class="chip">${w("help.rural")}</span>` : nothing}<br />
            <span class="quiet">${this.communes.get(point.commune)?.name ?? ""}</span>
          </li>`,
        )}
      </ul>
      <p class="quiet">${w("help.points_note")}</p>
      <div class="foot">
        <button class="button second" type="button" @click=${() => window.print()}>${t("app.print")}</button>
      </div>`;
  }
}

customElements.define("db-help", HelpPage);
