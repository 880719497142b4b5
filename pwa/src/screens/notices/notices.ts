import { html, nothing, type TemplateResult } from "lit";
import type { Draft } from "../../drafts/index.ts";
import { inLanguage, language, showInstant, wordsReady } from "../../i18n/index.ts";
import { ApiError, api } from "../../identity/index.ts";
import { proof } from "../../identity/payments.ts";
import { whyUnsaved } from "../applicant/form.ts";
import { BehindSession } from "../shared/behind-session.ts";
import { whyRefused } from "../shared/problem.ts";
import { type NoPush, PushError, subscribe, whyNoPush } from "./push.ts";
import { n } from "./words/index.ts";

type ChannelName = "push" | "sms" | "zns";
interface Text {
  readonly vi: string;
  readonly en: string;
}
interface Channel {
  readonly channel: ChannelName;
  readonly on: boolean;
  readonly elsewhere: number;
  readonly since: string | null;
  readonly consent: Text & { version: string; more_vi: string; more_en: string };
}
interface Consent extends Text {
  readonly purpose: string;
  readonly given_at: string;
  readonly helped: boolean;
  readonly withdrawn_at: string | null;
}
interface Told {
  readonly key: string;
  readonly quiet: { from: string; to: string };
  readonly channels: readonly Channel[];
  readonly consents: readonly Consent[];
  readonly told: readonly (Text & { law: string })[];
  /** How long what is kept. */
  readonly kept: readonly Text[];
}

/** With these the dossier ends too. */
const ENDS = ["process", "health"];

/** Being told outside the app, channel by channel, and everything that was agreed to. */
export class Notices extends BehindSession {
  static override properties = {
    draft: { attribute: false },
    owner: { attribute: false },
    told: { state: true },
    noPush: { state: true },
    done: { state: true },
    sure: { state: true },
    asked: { state: true },
  };

  draft!: Draft;
  owner: string | null = null;
  private told: Told | null = null;
  private noPush: NoPush | null = null;
  private done = false;
  private sure: string | null = null;
  private asked: ReadonlySet<string> = new Set();

  private get path(): string {
    return `/dossiers/${this.draft.dossier}/notices`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.noPush = whyNoPush();
    void this.guarded(() => this.load());
    // What was taken back has arrived when the status says something new.
    this.until(this.draft.subscribe(() => void this.guarded(() => this.load())));
  }

  protected override async load(): Promise<void> {
    await wordsReady();
    this.told = await api<Told>(this.path, { headers: await proof(this.owner) });
  }

  protected override guarded(work: () => Promise<void>): Promise<void> {
    this.done = false;
    return super.guarded(work);
  }

  protected override failed(cause: unknown): void {
    if (cause instanceof PushError) this.noPush = cause.why;
    else this.problem = cause instanceof ApiError ? whyRefused(cause) : whyUnsaved(cause);
  }

  private turn({ channel, on, consent }: Channel): Promise<void> {
    return this.guarded(async () => {
      const headers = await proof(this.owner);
      const path = `${this.path}/${channel}`;
      if (on) this.told = await api<Told>(path, { method: "DELETE", headers });
      else {
        const key = this.told?.key ?? "";
        const subscription = channel === "push" ? await subscribe(key) : undefined;
        const json = { version: consent.version, language: language(), subscription };
        this.told = await api<Told>(path, { json, headers });
      }
      this.done = true;
    });
  }

  private withdraw(purpose: string): Promise<void> {
    return this.guarded(async () => {
      await this.draft.wish("withdraw_consent", { purpose });
      this.asked = new Set([...this.asked, purpose]);
      this.sure = null;
    });
  }

  protected override render(): TemplateResult {
    return html`
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.signedOut ? this.door() : this.known()}`;
  }

  private door(): TemplateResult {
    return html`<p>${n("sign_in.text")}</p>
      <button class="button second" type="button" data-enter ?disabled=${this.busy} @click=${this.enter}>${n("sign_in.button")}</button>`;
  }

  private known(): TemplateResult | typeof nothing {
    if (!this.told) return this.problem ? nothing : html`<p role="status">${n("loading")}</p>`;
    const { channels, consents, told, kept, quiet } = this.told;
    return html`
      ${channels.length ? html`<h3>${n("title")}</h3><p>${n("text", quiet)}</p>${channels.map((one) => this.channel(one))}` : nothing}
      ${this.done ? html`<p class="note done" role="status">${n("done")}</p>` : nothing}
      <h3>${n("consents.title")}</h3>
      ${consents.length ? html`<ul class="plain" data-consents>${consents.map((one) => this.consent(one))}</ul>` : html`<p>${n("consents.none")}</p>`}
      <h3>${n("told.title")}</h3>
      ${told.map((one) => html`<p>${inLanguage(one)} <span class="quiet">${one.law}</span></p>`)}
      <h3>${n("kept.title")}</h3>
      <ul data-kept>${kept.map((one) => html`<li>${inLanguage(one)}</li>`)}</ul>`;
  }

  private channel(one: Channel): TemplateResult {
    const { channel, on, since, consent, elsewhere } = one;
    const never = channel === "push" && !on ? this.noPush : null;
    const more = { vi: consent.more_vi, en: consent.more_en };
    return html`<section class="card" data-channel=${channel} data-on=${String(on)}>
      <h4>${n(channel)}</h4>
      ${on && since ? html`<p class="quiet">${n("on", { at: showInstant(since) })}</p>` : html`<p>${inLanguage(consent)}</p><p class="quiet">${inLanguage(more)}</p>`}
      ${elsewhere ? html`<p class="quiet">${n("elsewhere", { count: elsewhere })}</p>` : nothing}
      ${never ? html`<p class="note wait" role="status" data-no-push=${never}>${n(`push.${never}`)}</p>` : nothing}
      ${never === "unsupported" ? nothing : html`<button class="button second" type="button" ?disabled=${this.busy} @click=${() => this.turn(one)}>${n(on ? "turn_off" : "turn_on")}</button>`}
    </section>`;
  }

  private consent(one: Consent): TemplateResult {
    const given = n(one.helped ? "consents.helped" : "consents.given", {
      at: showInstant(one.given_at),
    });
    const text = inLanguage(one).replace("{clerk}", "…");
    return html`<li data-purpose=${one.purpose}>${text}
      <br /><span class="quiet">${given}</span>
      ${one.withdrawn_at ? html`<br /><strong data-withdrawn>${n("consents.withdrawn", { at: showInstant(one.withdrawn_at) })}</strong>` : this.taking(one.purpose)}
    </li>`;
  }

  private taking(purpose: string): TemplateResult {
    if (this.asked.has(purpose))
      return html`<p class="note wait" role="status" data-asked>${n("consents.asked")}</p>`;
    if (this.sure !== purpose)
      return html`<p><button class="button second" type="button" data-withdraw @click=${() => this.ask(purpose)}>${n("consents.withdraw")}</button></p>`;
    return html`<p>${n(ENDS.includes(purpose) ? "consents.sure_ends" : "consents.sure")}</p>
      <button class="button" type="button" data-sure ?disabled=${this.busy} @click=${() => this.withdraw(purpose)}>${n("consents.withdraw")}</button>
      <button class="button second" type="button" @click=${() => this.ask(null)}>${n("consents.no")}</button>`;
  }

  private ask(purpose: string | null): void {
    this.sure = purpose;
  }
}

customElements.define("db-notices", Notices);
