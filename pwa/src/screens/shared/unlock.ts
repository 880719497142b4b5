import { html, nothing, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { Page } from "../../app/page.ts";
import { showInstant, t } from "../../i18n/index.ts";
import { QuotaError } from "../../store/db.ts";
import { type Guard, listVaults, unlock, VaultError, type VaultInfo } from "../../vault/index.ts";
import type { Answered } from "./field.ts";
import "./field.ts";
import "./pin.ts";

const SECRET = "input:not([type=radio])";

/** Opens one of the device's vaults; the page that was asked for follows by itself. */
export class UnlockPage extends Page {
  static override properties = {
    ...Page.properties,
    vaults: { state: true },
    chosen: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private vaults: readonly VaultInfo[] = [];
  private chosen: VaultInfo | undefined;
  private secret = "";
  private problem: string | null = null;
  private busy = false;

  protected override async load(): Promise<void> {
    this.vaults = (await listVaults()).filter(({ sealed }) => !sealed);
    this.chosen = this.vaults[0];
  }

  protected override content(): TemplateResult {
    if (this.vaults.length === 0) return this.sealed();
    return html`
      <h1>${t("unlock.title")}</h1>
      <p>${t("unlock.text")}</p>
      ${this.vaults.length > 1 ? this.which() : nothing}
      <form class="fill" @submit=${this.submit} novalidate autocomplete="off">
        ${this.chosen?.guard === "passkey" ? nothing : keyed(this.chosen?.id, this.secretField())}
        ${this.problem && this.chosen?.guard === "passkey" ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
        <div class="foot">
          <button class="button" data-open ?disabled=${this.busy}>
            ${t(this.chosen?.guard === "passkey" ? "unlock.passkey" : "unlock.open")}
          </button>
          <a class="button second" href="/to-khai/moi?khac=1">${t("unlock.other")}</a>
          ${this.chosen?.mode === "own" ? html`<a class="textbutton" href="/thiet-bi/tai-khoan?kho=${this.chosen.id}" data-forgot>${t("unlock.forgot")}</a>` : nothing}
        </div>
      </form>`;
  }

  private sealed(): TemplateResult {
    return html`
      <h1>${t("unlock.title")}</h1>
      <p>${t("unlock.sealed")}</p>
      <div class="foot">
        <a class="button" href="/theo-doi">${t("home.follow")}</a>
        <a class="button second" href="/to-khai/moi?khac=1">${t("home.exchange")}</a>
      </div>`;
  }

  private which(): TemplateResult {
    const question = {
      name: "vault",
      kind: "choice" as const,
      label: t("unlock.which"),
      options: this.vaults.map((vault) => ({
        value: vault.id,
        label: vault.label ?? t("unlock.made", { date: showInstant(vault.createdAt) }),
        about: t(`unlock.mode_${vault.mode}`),
      })),
    };
    return html`<db-field .question=${question} .value=${this.chosen?.id} @answer=${this.choose}></db-field>`;
  }

  /** The second tap: what opens this person's vault is asked for at once. */
  private async choose({ detail }: CustomEvent<Answered>): Promise<void> {
    this.chosen = this.vaults.find(({ id }) => id === detail.value);
    this.secret = "";
    this.problem = null;
    if (this.chosen?.guard === "passkey") return this.open();
    await this.updateComplete;
    this.querySelector<HTMLElement>(SECRET)?.focus();
  }

  private secretField(): TemplateResult {
    if (this.chosen?.guard === "passphrase") {
      const question = { name: "words", kind: "text" as const, label: t("unlock.words") };
      return html`<db-field .question=${question} .problem=${this.problem} shared @answer=${this.type}></db-field>`;
    }
    return html`<db-pin name="pin" .label=${t("unlock.pin")} .problem=${this.problem} @answer=${this.type}></db-pin>`;
  }

  private type({ detail }: CustomEvent<Answered>): void {
    this.secret = String(detail.value ?? "");
  }

  private get guard(): Guard {
    if (this.chosen?.guard === "passkey") return { kind: "passkey" };
    if (this.chosen?.guard === "passphrase") return { kind: "passphrase", words: this.secret };
    return { kind: "pin", pin: this.secret };
  }

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    void this.open();
  };

  private async open(): Promise<void> {
    if (!this.chosen || this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await unlock(this.chosen.id, this.guard);
    } catch (cause) {
      this.problem = explain(cause);
      await this.updateComplete;
      this.querySelector<HTMLElement>(SECRET)?.focus();
    } finally {
      this.busy = false;
    }
  }
}

function explain(cause: unknown): string {
  if (cause instanceof QuotaError) return t("unlock.full");
  if (!(cause instanceof VaultError)) throw cause;
  if (cause.code === "wait" && cause.retryAt)
    return t("error.too_many", { at: showInstant(cause.retryAt) });
  if (cause.code === "sealed") return t("unlock.sealed");
  return t(
    cause.code === "wrong_secret" || cause.code === "weak" ? "unlock.wrong" : "unlock.cancelled",
  );
}

customElements.define("db-unlock", UnlockPage);
