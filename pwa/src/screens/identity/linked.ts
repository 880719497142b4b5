import { html, nothing, type TemplateResult } from "lit";
import { showInstant, wordsReady } from "../../i18n/index.ts";
import { ApiError, api } from "../../identity/index.ts";
import { BehindSession } from "../shared/behind-session.ts";
import { whyRefused } from "../shared/problem.ts";
import { v } from "./words/index.ts";

interface Shown {
  /** Whether this office has an identity provider. */
  readonly offered: boolean;
  readonly linked_at: string | null;
}

/**
 * Whether the account is linked to a proven identity, and the way there. Says nothing without a
 * network, a session or a provider, unless it `speaks`: then it is all that a page has.
 */
export class LinkedIdentity extends BehindSession {
  static override properties = {
    since: { attribute: false },
    finishes: { type: Boolean },
    speaks: { type: Boolean },
    shown: { state: true },
    gone: { state: true },
  };

  /** Looks again when this is another value: somebody may have signed in. */
  since: unknown = null;
  /** The provider sent the browser back with an answer. */
  finishes = false;
  speaks = false;
  private shown: Shown | null = null;
  private gone = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("since") && !this.busy) void this.guarded(() => this.load());
  }

  protected override async load(): Promise<void> {
    await wordsReady();
    if (this.finishes) await this.finish();
    this.shown = await api<Shown>("/identity");
  }

  /** An answer is good once: a reload must not send it again. */
  private async finish(): Promise<void> {
    try {
      await api("/identity/finish", { json: {} });
    } catch (cause) {
      if (cause instanceof ApiError && (cause.status === 401 || cause.code === "offline"))
        throw cause;
      this.problem = whyRefused(cause);
    }
    this.finishes = false;
    history.replaceState(history.state, "", location.pathname);
  }

  private readonly begin = (): Promise<void> =>
    this.guarded(async () => {
      location.assign((await api<{ url: string }>("/identity/begin", { json: {} })).url);
    });

  private readonly unlink = (): Promise<void> =>
    this.guarded(async () => {
      await api("/identity", { method: "DELETE" });
      this.gone = true;
      await this.load();
    });

  protected override render(): TemplateResult | typeof nothing {
    if (!this.speaks && !this.shown?.offered && !this.shown?.linked_at) return nothing;
    return html`<section class="card" data-identity>
      ${this.speaks ? nothing : html`<h2>${v("title")}</h2>`}
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.signedOut ? this.door() : this.known()}
    </section>`;
  }

  private door(): TemplateResult {
    return html`<p>${v("sign_in.text")}</p>
      <button class="button" type="button" data-enter ?disabled=${this.busy} @click=${this.enter}>${v("sign_in.button")}</button>`;
  }

  private known(): TemplateResult | typeof nothing {
    if (!this.shown) return this.busy ? html`<p role="status">${v("finishing")}</p>` : nothing;
    const { offered, linked_at } = this.shown;
    if (linked_at)
      return html`<p class="note done" role="status" data-linked>${v("linked", { at: showInstant(linked_at) })}</p>
        <button class="button second" type="button" data-unlink ?disabled=${this.busy} @click=${this.unlink}>${v("unlink")}</button>`;
    if (!offered) return html`<p>${v("off")}</p>`;
    return html`${this.gone ? html`<p class="note" role="status">${v("unlinked")}</p>` : nothing}<p>${v("text")}</p>
      <button class="button second" type="button" data-verify ?disabled=${this.busy} @click=${this.begin}>${v("button")}</button>`;
  }
}

customElements.define("db-linked-identity", LinkedIdentity);
