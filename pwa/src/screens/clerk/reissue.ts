import "../../styles/tablet.css";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { TABLET } from "../../app/tablet.ts";
import { type ClaimCode, freshCode } from "../../drafts/index.ts";
import { showInstant, t } from "../../i18n/index.ts";
import { ApiError, api, signIn } from "../../identity/index.ts";
import { isTrial } from "../../seal/intake.ts";
import "../handover/code-card.ts";
import { printButtons, slipPaper } from "../handover/slip.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import { whyRefused } from "../shared/problem.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { entered, shiftNow } from "./shift.ts";
import { c } from "./words/index.ts";

const SLIP = /^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/;
const IDENTITY = /^[0-9]{12}$/;
const tidy = (typed: string): string => typed.replace(/[\s-]/g, "").toUpperCase();

interface Made {
  readonly good_from: string;
  readonly expires_at: string;
}

/** For somebody who lost their phone or passkey: with slip and ID card, a code for their dossier. */
export class ReissuePage extends Page {
  static override properties = {
    ...Page.properties,
    answers: { state: true },
    troubles: { state: true },
    problem: { state: true },
    made: { state: true },
    busy: { state: true },
  };

  private answers: Readonly<Record<string, unknown>> = {};
  private troubles: readonly Trouble[] = [];
  private problem: string | null = null;
  private made: (Made & { code: ClaimCode; slip: string }) | null = null;
  private busy = false;
  private point: string | null = null;
  private trial = false;

  override get back(): string | null {
    return TABLET;
  }

  override get holdsWork(): boolean {
    return this.made !== null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.answers = {};
    this.made = null;
  }

  protected override async load(): Promise<void> {
    this.point = (await shiftNow())?.point?.name ?? null;
    this.trial = await isTrial();
  }

  protected override content(): TemplateResult {
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <h1>${c("reissue.title")}</h1>
      ${this.made ? this.issued() : this.asking()}`;
  }

  private asking(): TemplateResult {
    const text = { kind: "text" as const, normalise: tidy };
    const slip = { ...text, name: "slip", label: c("reissue.slip"), hint: c("reissue.slip_hint") };
    const identity = { ...text, name: "identity", label: c("reissue.identity") };
    const seen = { name: "seen", kind: "check" as const, label: c("confirm.identity") };
    return html`
      <p>${c("reissue.text")}</p>
      <form class="fill" @submit=${this.submit} @answer=${this.onAnswer} novalidate autocomplete="off">
        <db-field .question=${slip} .value=${this.answers.slip} .problem=${this.problemOf("slip")} shared></db-field>
        <db-field .question=${identity} .value=${this.answers.identity} .problem=${this.problemOf("identity")} shared></db-field>
        <db-field .question=${seen} .value=${this.answers.seen === true} .problem=${this.problemOf("seen")} shared></db-field>
        ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
        <div class="foot">
          <button class="button" data-next ?disabled=${this.busy}>${c("reissue.button")}</button>
        </div>
      </form>`;
  }

  private issued(): TemplateResult | typeof nothing {
    if (!this.made) return nothing;
    const { code, good_from, expires_at, slip } = this.made;
    const later = Date.parse(good_from) > Date.now();
    const lines = later ? [c("reissue.later", { at: showInstant(good_from) })] : [];
    const paper = { code, until: expires_at, birth: true, slip, lines, sent: true };
    return html`
      ${later ? html`<p class="note wait" data-later>${c("reissue.later", { at: showInstant(good_from) })}</p>` : nothing}
      <db-code-card .code=${code}></db-code-card>
      ${printButtons()}
      ${slipPaper({ ...paper, point: this.point, trial: this.trial })}
      <div class="foot"><a class="button" href=${TABLET}>${c("sent.next")}</a></div>`;
  }

  private problemOf(name: string): string | null {
    return this.troubles.find(({ field }) => field === name)?.text ?? null;
  }

  private readonly onAnswer = ({ detail: { name, value } }: CustomEvent<Answered>): void => {
    this.answers = { ...this.answers, [name]: value };
  };

  private get found(): Trouble[] {
    const { slip, identity, seen } = this.answers;
    const wrong = (field: string, text: string): Trouble => ({ field, text });
    return [
      ...(SLIP.test(String(slip ?? "")) ? [] : [wrong("slip", c("reissue.slip_bad"))]),
      ...(IDENTITY.test(String(identity ?? ""))
        ? []
        : [wrong("identity", t("error.format", { label: c("reissue.identity") }))]),
      ...(seen === true ? [] : [wrong("seen", c("confirm.identity_needed"))]),
    ];
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.troubles = this.found;
    this.problem = null;
    if (this.troubles.length > 0) return;
    this.busy = true;
    try {
      await this.issue(String(this.answers.slip), String(this.answers.identity));
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };

  private async issue(slip: string, identity: string): Promise<void> {
    const { claim, secret, typed } = await freshCode();
    const ask = (): Promise<Made> =>
      api<Made>("/clerk/recoveries", { json: { slip, identity_number: identity, claim, typed } });
    let made: Made;
    try {
      made = await ask();
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.code !== "passkey_needed") throw cause;
      entered(await signIn("clerk"));
      made = await ask();
    }
    const code = { kind: "hand_over", secret, typed, request: null } as const;
    this.made = { ...made, slip, code: { ...code, expiresAt: made.expires_at } };
  }
}

customElements.define("db-reissue", ReissuePage);
