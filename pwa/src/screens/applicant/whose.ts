import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { t } from "../../i18n/index.ts";
import { meta } from "../../store/db.ts";
import { REPORTED_LOST } from "../../store/records.ts";
import {
  createVault,
  type Guard,
  listVaults,
  type Mode,
  passkeyLikely,
  VaultError,
} from "../../vault/index.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/pin.ts";
import { pinTrouble } from "../shared/pin.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { whyUnsaved } from "./form.ts";
import { type WordKey, w } from "./words/index.ts";

/** Whose phone is this: decides how the dossier is locked. Opening the vault brings the next page. */
export class WhosePage extends Page {
  static override properties = {
    ...Page.properties,
    mode: { state: true },
    guard: { state: true },
    pins: { state: true },
    troubles: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private mode: Exclude<Mode, "clerk"> | undefined;
  private guard: "passkey" | "pin" = "pin";
  private passkey = false;
  /** Somebody else has a vault on this phone. */
  private another = false;
  private label = "";
  private pins: Readonly<Record<string, string>> = {};
  private troubles: readonly Trouble[] = [];
  private problem: string | null = null;
  private busy = false;

  override get holdsWork(): boolean {
    return true;
  }

  protected override async load(): Promise<void> {
    if (await meta(REPORTED_LOST)) await import("../shared/reported-lost.ts");
    this.another = (await listVaults()).some(({ sealed }) => !sealed);
    this.passkey = await passkeyLikely();
    if (this.passkey) this.guard = "passkey";
  }

  private readonly onAnswer = ({ detail: { name, value } }: CustomEvent<Answered>): void => {
    if (name === "mode") this.mode = value as "own" | "borrowed";
    else if (name === "guard") this.guard = value as "passkey" | "pin";
    else if (name === "label") this.label = String(value ?? "");
    else this.pins = { ...this.pins, [name]: String(value ?? "") };
  };

  private get withPin(): boolean {
    return this.mode === "borrowed" || (this.mode === "own" && this.guard === "pin");
  }

  protected override content(): TemplateResult {
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <db-reported-lost></db-reported-lost>
      <h1 id="title">${w("whose.title")}</h1>
      <p>${w("whose.text")}</p>
      <details class="why"><summary>${t("app.why")}</summary><p>${w("whose.why")}</p></details>
      <form class="fill" @submit=${this.submit} @answer=${this.onAnswer} novalidate autocomplete="off">
        ${this.choice("mode", "title", [
          ["own", "whose.own", "whose.own_text"],
          ["borrowed", "whose.borrowed", "whose.borrowed_text"],
        ])}
        ${this.mode === "own" && this.another ? this.callIt() : nothing}
        ${this.mode === "own" && this.passkey ? this.howToOpen() : nothing}
        ${this.withPin ? this.newPin() : nothing}
        ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
        <div class="foot">
          <button class="button" data-next ?disabled=${this.busy}>${t("app.continue")}</button>
          <a class="textbutton" href="/thiet-bi/tai-khoan" data-enter>${w("account.join")}</a>
        </div>
      </form>`;
  }

  private callIt(): TemplateResult {
    const question = {
      name: "label",
      kind: "text" as const,
      label: w("whose.label"),
      hint: w("whose.label_hint"),
      optional: true,
    };
    return html`<db-field .question=${question} .value=${this.label} shared></db-field>`;
  }

  private howToOpen(): TemplateResult {
    return this.choice("guard", undefined, [
      ["passkey", "whose.passkey"],
      ["pin", "whose.pin_choice"],
    ]);
  }

  private choice(
    name: "mode" | "guard",
    labelledBy: string | undefined,
    options: readonly [string, WordKey, WordKey?][],
  ): TemplateResult {
    const question = {
      name,
      kind: "choice" as const,
      label: w(name === "mode" ? "whose.title" : "whose.how"),
      labelledBy,
      options: options.map(([value, label, about]) => ({
        value,
        label: w(label),
        about: about && w(about),
      })),
    };
    return html`<db-field .question=${question} .value=${this[name]} .problem=${this.problemOf(name)}></db-field>`;
  }

  private newPin(): TemplateResult {
    return html`
      <db-pin name="pin" .label=${w("whose.pin")} .hint=${w("whose.pin_hint")} .problem=${this.problemOf("pin")}></db-pin>
      <db-pin name="again" .label=${w("whose.pin_again")} .problem=${this.problemOf("again")}></db-pin>
      <p class="quiet">${w("whose.pin_note")}</p>`;
  }

  private problemOf(name: string): string | null {
    return this.troubles.find(({ field }) => field === name)?.text ?? null;
  }

  private get found(): Trouble[] {
    if (!this.mode)
      return [{ field: "mode", text: t("error.choose", { label: w("whose.title") }) }];
    if (!this.withPin) return [];
    const { pin = "", again = "" } = this.pins;
    const weak = pinTrouble(pin);
    if (weak) return [{ field: "pin", text: w(`whose.pin_${weak}`) }];
    return pin === again ? [] : [{ field: "again", text: w("whose.pin_differs") }];
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.troubles = this.found;
    this.problem = null;
    if (this.troubles.length > 0 || !this.mode) return;
    const guard: Guard = this.withPin
      ? { kind: "pin", pin: this.pins.pin ?? "" }
      : { kind: "passkey" };
    this.busy = true;
    try {
      const label = this.mode === "own" ? this.label : "";
      await createVault({ mode: this.mode, guard, label });
    } catch (cause) {
      this.problem = this.explain(cause);
    } finally {
      this.busy = false;
    }
  };

  private explain(cause: unknown): string {
    if (!(cause instanceof VaultError)) return whyUnsaved(cause);
    if (cause.code === "weak") return w("whose.pin_weak");
    if (cause.code !== "no_prf") return w("whose.cancelled");
    this.passkey = false;
    this.guard = "pin";
    return w("whose.no_prf");
  }
}

customElements.define("db-whose", WhosePage);
