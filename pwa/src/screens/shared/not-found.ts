import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { t } from "../../i18n/index.ts";

export class NotFoundPage extends Page {
  protected override content(): TemplateResult {
    return html`
      <h1>${t("page.not_found")}</h1>
      <p>${t("page.not_found_text")}</p>
      <div class="foot"><a class="button" href="/">${t("app.home")}</a></div>`;
  }
}

customElements.define("db-not-found", NotFoundPage);
