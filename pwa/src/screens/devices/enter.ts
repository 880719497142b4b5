import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { type DossierRow, list } from "../../drafts/index.ts";
import { type Session, signInForGuard } from "../../identity/index.ts";
import {
  current,
  type Guard,
  listVaults,
  newPassphrase,
  type VaultInfo,
} from "../../vault/index.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/pin.ts";
import { w } from "../applicant/words/index.ts";
import { pinTrouble } from "../shared/pin.ts";
import { whyRefused } from "../shared/problem.ts";
import type { Entered } from "./entering.ts";
import { m } from "./words/index.ts";

/** Of this page. */
const ADDRESS = "/thiet-bi/tai-khoan";

type Way = typeof import("./entering.ts");
type Entering =
  | { state: "working" }
  | { state: "failed"; problem: string }
  | ({ state: "done" } & Entered);

/** Opening a vault draws a new page, so how far it went is kept beside the pages. */
let entering: Entering | null = null;
let drawn: EnterPage | null = null;

function say(next: Entering | null): void {
  entering = next;
  drawn?.requestUpdate();
}

async function run(work: (way: Way) => Promise<Entered>): Promise<void> {
  say({ state: "working" });
  try {
    const entered = await work(await import("./entering.ts"));
    say({ state: "done", ...entered });
  } catch (cause) {
    say({ state: "failed", problem: whyRefused(cause) });
  }
}

/**
 * "Tôi đã có tài khoản" on a device with nothing on it; with `?kho=` the way back into a vault whose
 * PIN or passphrase is forgotten.
 */
export class EnterPage extends Page {
  static override properties = {
    ...Page.properties,
    session: { state: true },
    pins: { state: true },
    noted: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private vault: VaultInfo | undefined;
  private rows: readonly DossierRow[] = [];
  private session: Session | null = null;
  private words = "";
  private noted = false;
  private pins: Readonly<Record<string, string>> = {};
  private problem: { field: string; text: string } | null = null;
  private busy = false;

  override get back(): string | null {
    return this.clerk ? "/nhan-vien" : "/ho-so";
  }

  override get holdsWork(): boolean {
    return true;
  }

  private get clerk(): boolean {
    return this.vault?.mode === "clerk";
  }

  protected override async load(): Promise<void> {
    const id = this.query.get("kho");
    this.vault = (await listVaults()).find((one) => one.id === id && !one.sealed);
    const { owners = [] } = this.vault ?? {};
    this.rows = (await list()).filter(({ owner }) => owners.includes(owner));
    drawn = this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // What comes next on this page begins anew.
    if (location.pathname !== ADDRESS && entering?.state !== "working") entering = null;
  }

  protected override content(): TemplateResult {
    const at = entering;
    const forgotten = this.query.has("kho");
    return html`
      <h1>${m(forgotten ? "forgot_title" : "enter_title")}</h1>
      ${at ? this.said(at) : forgotten && !this.vault?.account ? this.alone() : this.begin()}`;
  }

  private said(at: Entering): TemplateResult {
    if (at.state === "working")
      return html`<p class="note wait" role="status" data-working>${m("enter_working")}</p>`;
    if (at.state === "failed") return this.stopped(at.problem);
    const { brought, left } = at;
    const done =
      left === null ? m(brought ? "enter_done" : "enter_none", { n: brought }) : m("forgot_done");
    return html`
      <p class="note done" role="status" data-done>${done}</p>
      ${left ? html`<p class="note wait" data-left>${m("forgot_left", { n: left })}</p>` : nothing}
      <div class="foot"><a class="button" href=${this.clerk ? "/nhan-vien" : "/ho-so"} data-mine>${m("enter_mine")}</a></div>`;
  }

  /** A vault that is open is gone on with; else nothing has happened yet. */
  private stopped(problem: string): TemplateResult {
    const again = (): void => (current() ? void run((way) => way.goOn()) : say(null));
    return html`
      <p class="note must" role="alert" data-failed>${problem}</p>
      <div class="foot">
        <button class="button" type="button" data-again @click=${again}>${m("enter_sign_in")}</button>
      </div>`;
  }

  private begin(): TemplateResult {
    if (this.session) return this.newGuard();
    return html`
      <p>${m(this.vault ? "forgot_text" : "enter_text")}</p>
      ${this.vault ? nothing : html`<p class="note">${m("enter_own")}</p>`}
      ${this.problem ? html`<p class="note must" role="alert">${this.problem.text}</p>` : nothing}
      <div class="foot">
        <button class="button" type="button" data-sign-in ?disabled=${this.busy} @click=${this.signIn}>${m("enter_sign_in")}</button>
      </div>`;
  }

  /** What can still be done without an account. Nothing is deleted. */
  private alone(): TemplateResult {
    const unsent = this.rows.filter(({ submittedAt }) => submittedAt === null).length;
    const sent = this.rows.length - unsent;
    return html`
      <section class="note" data-alone>
        <h2>${m("forgot_alone_title")}</h2>
        <p>${m("forgot_alone")}</p>
        <ul>
          ${sent ? html`<li>${m("forgot_sent", { n: sent })}</li>` : nothing}
          ${unsent ? html`<li>${m("forgot_unsent", { n: unsent })}</li>` : nothing}
        </ul>
      </section>
      <div class="foot">
        <a class="button" href="/to-khai/moi?khac=1" data-new>${m("forgot_new")}</a>
        ${sent ? html`<a class="button second" href="/theo-doi">${m("forgot_follow")}</a>` : nothing}
      </div>`;
  }

  private newGuard(): TemplateResult {
    const field = (name: string): string | null =>
      this.problem?.field === name ? this.problem.text : null;
    return html`<form class="fill" novalidate autocomplete="off" @submit=${this.guardIt} @answer=${this.onPin}>
      ${
        this.clerk
          ? this.newWords()
          : html`<p>${m("enter_pin_text")}</p>
            <db-pin name="pin" .label=${m("enter_pin")} .hint=${w("whose.pin_hint")} .problem=${field("pin")}></db-pin>
            <db-pin name="again" .label=${m("enter_again")} .problem=${field("again")}></db-pin>`
      }
      <div class="foot">
        <button class="button" data-go ?disabled=${this.clerk && !this.noted}>${m("enter_go")}</button>
      </div>
    </form>`;
  }

  private newWords(): TemplateResult {
    return html`<p>${m("enter_words")}</p>
      <p class="five" data-words translate="no">${this.words}</p>
      <label class="choice">
        <input type="checkbox" .checked=${this.noted} @change=${(event: Event) => {
          this.noted = (event.target as HTMLInputElement).checked;
        }} />
        <span>${m("enter_noted")}</span>
      </label>`;
  }

  private readonly onPin = ({ detail: { name, value } }: CustomEvent<Answered>): void => {
    this.pins = { ...this.pins, [name]: String(value ?? "") };
  };

  /** The passkey that signs in guards the vault too, where it can. */
  private readonly signIn = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      const { session, passkey } = await signInForGuard(this.clerk ? "clerk" : "applicant");
      if (this.vault && session.account !== this.vault.account)
        this.problem = { field: "", text: m("enter_other") };
      else if (passkey) await this.enterBy(session, { kind: "passkey", passkey });
      else {
        if (this.clerk) this.words = await newPassphrase();
        this.session = session;
      }
    } catch (cause) {
      this.problem = { field: "", text: whyRefused(cause) };
    } finally {
      this.busy = false;
    }
  };

  private readonly guardIt = (event: Event): void => {
    event.preventDefault();
    const { pin = "", again = "" } = this.pins;
    const weak = this.clerk ? null : pinTrouble(pin);
    if (weak) this.problem = { field: "pin", text: w(`whose.pin_${weak}`) };
    else if (pin !== again) this.problem = { field: "again", text: w("whose.pin_differs") };
    else if (this.session)
      void this.enterBy(
        this.session,
        this.clerk ? { kind: "passphrase", words: this.words } : { kind: "pin", pin },
      );
  };

  private enterBy(session: Session, guard: Guard): Promise<void> {
    this.session = null;
    const { vault } = this;
    return run((way) => (vault ? way.openAgain(vault, guard) : way.enter(session, guard)));
  }
}

customElements.define("db-enter", EnterPage);
