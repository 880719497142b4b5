import { LitElement } from "lit";
import { onLanguage } from "../i18n/index.ts";

/** A Lit element in light DOM: one style sheet, labels and aria ids that reach across elements. */
export class Light extends LitElement {
  #unhook: (() => void)[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(onLanguage(() => this.requestUpdate()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const unhook of this.#unhook.splice(0)) unhook();
  }

  /** Keeps a subscription until the element leaves the page. */
  protected until(unhook: () => void): void {
    this.#unhook.push(unhook);
  }
}
