import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import "./linked.ts";
import { v } from "./words/index.ts";

/** Where the identity provider's answer ends: `?xong`, `?tu-choi` or `?qua-han`. */
export class IdentityPage extends Page {
  override get back(): string {
    return "/ho-so";
  }

  protected override content(): TemplateResult {
    const missed = this.query.has("tu-choi")
      ? "refused"
      : this.query.has("qua-han")
        ? "over"
        : null;
    return html`
      <h1>${v("title")}</h1>
      ${missed ? html`<p class="note must" role="alert" data-missed=${missed}>${v(missed)}</p>` : nothing}
      <db-linked-identity speaks ?finishes=${this.query.has("xong")}></db-linked-identity>`;
  }
}

customElements.define("db-identity", IdentityPage);
