import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import {
  createVault,
  type Guard,
  newPassphrase,
  passkeyLikely,
  unlock,
  type Vault,
  VaultError,
  type VaultInfo,
} from "../../vault/index.ts";
import { inDemo } from "../door/entered.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/field.ts";
import { whyRefused } from "../shared/problem.ts";
import { takeUp } from "./shift.ts";
import { c } from "./words/index.ts";

/** Only in a trial, and only in this page's memory: the words that reopen the tablet by one tap. */
const trialWords = new Map<string, string>();

/** In the tablet itself, or a FIDO2 key that is plugged in or held to it. */
const byPasskey = (): Promise<Vault> => createVault({ mode: "clerk", guard: { kind: "passkey" } });

type How = "open" | "passkey" | "words";

/** Opens the tablet's vault at the start of a shift, or makes it the first time. */
export class OpenVault extends Light {
  static override properties = {
    vault: { attribute: false },
    who: { attribute: false },
    atOnce: { attribute: "at-once", type: Boolean },
    how: { state: true },
    words: { state: true },
    noted: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  vault: VaultInfo | null = null;
  /** The clerk whose vault it is, where that is known. */
  who: string | null = null;
  /** Its owner was named by a tap: a passkey is asked for without another. */
  atOnce = false;
  private how: How = "open";
  private words = "";
  private typed = "";
  private noted = false;
  private problem: string | null = null;
  private busy = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.begin();
  }

  private async begin(): Promise<void> {
    if (this.vault) return this.comeForward(this.vault);
    this.how = !inDemo() && (await passkeyLikely()) ? "passkey" : "words";
    if (this.how === "words") await this.drawWords();
  }

  private async comeForward(vault: VaultInfo): Promise<void> {
    if (!this.atOnce) return;
    if (vault.guard === "passkey") return this.open(vault);
    await this.updateComplete;
    this.querySelector<HTMLElement>("#words")?.focus();
  }

  private readonly drawWords = async (): Promise<void> => {
    this.words = await newPassphrase();
    this.noted = inDemo();
    this.how = "words";
  };

  private async guarded(work: () => Promise<Vault>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await takeUp(await work());
    } catch (cause) {
      if (cause instanceof VaultError && cause.code === "no_prf") await this.drawWords();
      this.problem =
        cause instanceof VaultError && cause.code === "no_prf"
          ? c("vault.no_prf")
          : whyRefused(cause);
    } finally {
      this.busy = false;
    }
  }

  protected override render(): TemplateResult {
    return html`
      <h1>${c(this.vault && this.how === "open" ? "vault.open" : "vault.make")}</h1>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.vault && this.how === "open" ? this.opening(this.vault) : this.making()}`;
  }

  private opening(vault: VaultInfo): TemplateResult {
    const remembered = trialWords.get(vault.id);
    const words = {
      name: "words",
      kind: "text" as const,
      label: c("vault.words"),
      hint: c("vault.words_hint"),
    };
    return html`<form @submit=${(event: Event) => this.openIt(event, vault)} novalidate autocomplete="off">
      ${this.who ? html`<p class="large">${this.who}</p>` : nothing}
      <p>${c("vault.open_text")}</p>
      ${
        vault.guard === "passphrase" && !remembered
          ? html`<db-field .question=${words} shared @answer=${({
              detail,
            }: CustomEvent<Answered>) => {
              this.typed = String(detail.value ?? "");
            }}></db-field>`
          : nothing
      }
      <div class="foot">
        <button class="button" data-open-vault ?disabled=${this.busy}>${c(vault.guard === "passkey" ? "vault.by_passkey" : "vault.begin")}</button>
        <button class="textbutton" type="button" data-new-vault @click=${this.drawWords}>${c("vault.forgotten")}</button>
      </div>
    </form>`;
  }

  private openIt(event: Event, vault: VaultInfo): void {
    event.preventDefault();
    void this.open(vault);
  }

  private open(vault: VaultInfo): Promise<void> {
    const words = trialWords.get(vault.id) ?? this.typed;
    const guard: Guard =
      vault.guard === "passkey" ? { kind: "passkey" } : { kind: "passphrase", words };
    return this.guarded(() => unlock(vault.id, guard));
  }

  private making(): TemplateResult {
    if (this.how === "passkey") {
      return html`<p>${c("vault.make_text")}</p>
        <div class="foot">
          <button class="button" type="button" data-make-passkey ?disabled=${this.busy}
            @click=${() => void this.guarded(byPasskey)}>${c("vault.by_passkey")}</button>
          <button class="button second" type="button" data-use-words @click=${this.drawWords}>${c("vault.use_words")}</button>
        </div>`;
    }
    return html`
      <p>${c(inDemo() ? "vault.trial_text" : "vault.words_text")}</p>
      <p class="five" data-words translate="no">${this.words}</p>
      ${inDemo() ? nothing : this.notedBox()}
      <div class="foot">
        <button class="button" type="button" data-make-words ?disabled=${this.busy || !this.words || !this.noted}
          @click=${() => void this.guarded(() => this.make())}>${c("vault.begin")}</button>
        <button class="textbutton" type="button" data-use-key ?disabled=${this.busy}
          @click=${() => void this.guarded(byPasskey)}>${c("vault.use_key")}</button>
      </div>`;
  }

  private notedBox(): TemplateResult {
    return html`<label class="choice">
      <input type="checkbox" .checked=${this.noted} @change=${(event: Event) => {
        this.noted = (event.target as HTMLInputElement).checked;
      }} />
      <span>${c("vault.noted")}</span>
    </label>`;
  }

  private async make(): Promise<Vault> {
    const vault = await createVault({
      mode: "clerk",
      guard: { kind: "passphrase", words: this.words },
    });
    if (inDemo()) trialWords.set(vault.id, this.words);
    return vault;
  }
}

customElements.define("db-open-vault", OpenVault);
