import { html, nothing, type TemplateResult } from "lit";
import { t, wordsReady } from "../i18n/index.ts";
import { Light } from "./light.ts";

export type PageParams = Readonly<Record<string, string>>;

/**
 * One page of the app. A new element is made for every address, so a page never has to undo what
 * the one before it held. Subclasses load in `load()` and draw in `content()`; the page's only
 * `<h1>` names it in the title bar and takes the focus.
 */
export abstract class Page extends Light {
  static override properties = { loaded: { state: true }, failure: { state: true } };

  params: PageParams = {};
  query = new URLSearchParams();
  protected loaded = false;
  protected failure: unknown = null;

  /** Where *Quay lại* leads; null where there is nothing to go back to. */
  get back(): string | null {
    return "/";
  }

  /** Desks use the whole width of the screen. */
  get wide(): boolean {
    return false;
  }

  /** While true, an update of the app waits. */
  get holdsWork(): boolean {
    return false;
  }

  protected abstract content(): TemplateResult;
  protected async load(): Promise<void> {}

  override connectedCallback(): void {
    super.connectedCallback();
    void this.enter();
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.failure) return this.failed();
    return this.loaded ? this.content() : nothing;
  }

  private async enter(): Promise<void> {
    this.failure = null;
    try {
      await Promise.all([this.load(), wordsReady()]);
      this.loaded = true;
    } catch (cause) {
      console.error(cause);
      this.failure = cause;
    }
    await this.updateComplete;
    if (!this.isConnected) return;
    this.nameDocument();
    this.focusHeading();
    this.dispatchEvent(new CustomEvent("page-ready", { bubbles: true }));
  }

  protected nameDocument(): void {
    const heading = this.querySelector("h1")?.textContent?.trim();
    document.title = heading ? `${heading} · ${t("app.name")}` : t("app.name");
  }

  focusHeading(): void {
    const heading = this.querySelector<HTMLElement>("h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  private failed(): TemplateResult {
    const gone = (this.failure as { code?: string }).code === "not_found";
    return html`
      <h1>${t(gone ? "page.not_found" : "page.failed")}</h1>
      <p>${t(gone ? "page.gone_text" : "page.failed_text")}</p>
      <div class="foot">
        <button class="button" type="button" @click=${() => void this.enter()}>${t("app.retry")}</button>
        <a class="button second" href="/">${t("app.home")}</a>
      </div>`;
  }
}
