import "../../styles/tablet.css";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { TABLET } from "../../app/tablet.ts";
import {
  codeOf,
  type DossierRow,
  type Filed,
  forgetCode,
  freshCode,
  keepCode,
  list,
  onRows,
} from "../../drafts/index.ts";
import { showSlip } from "../../i18n/index.ts";
import { ApiError, api } from "../../identity/index.ts";
import { isTrial } from "../../seal/intake.ts";
import { goodUntil } from "../handover/code-card.ts";
import { asList, filedLines } from "../handover/filed.ts";
import { printButtons, slipPaper } from "../handover/slip.ts";
import { h } from "../handover/words/index.ts";
import { arrived } from "../shared/chip.ts";
import { whyRefused } from "../shared/problem.ts";
import "../shared/sending.ts";
import "../shared/slip-qr.ts";
import { shiftNow } from "./shift.ts";
import { c } from "./words/index.ts";

/**
 * After sending: the code by which the applicant takes the dossier, and the slip. The row is clear,
 * so the wipe takes nothing away; the code and what was filed go when this page is left.
 */
export class SentPage extends Page {
  static override properties = {
    ...Page.properties,
    row: { state: true },
    problem: { state: true },
    busy: { state: true },
  };
  private row: DossierRow | undefined;
  private point: string | null = null;
  private trial = false;
  private problem: string | null = null;
  private busy = false;

  override get back(): string | null {
    return null;
  }

  private get dossier(): string {
    return this.params.sent ?? "";
  }

  protected override async load(): Promise<void> {
    await this.refresh();
    if (!this.row?.slip) return navigate(TABLET, { replace: true });
    [this.trial, this.point] = await Promise.all([
      isTrial(),
      shiftNow().then((shift) => shift?.point?.name ?? null),
    ]);
    this.until(onRows(() => void this.refresh()));
    this.until(() => forgetCode(this.dossier));
  }

  private papers(): TemplateResult {
    const bring = (): Promise<unknown> =>
      import("../papers/papers.ts").catch(() => console.info("papers need the server"));
    return html`<details class="why" data-papers @toggle=${bring}>
      <summary>${c("sent.papers")}</summary>
      <div><db-papers reader="clerk" dossier=${this.dossier}></db-papers></div>
    </details>`;
  }

  private async refresh(): Promise<void> {
    this.row = (await list()).find(({ dossier }) => dossier === this.dossier);
    if (this.row && arrived(this.row.sending))
      void import("../payment/fee.ts").catch(() => console.info("paying needs the server"));
  }

  protected override content(): TemplateResult {
    if (!this.row?.slip) return html``;
    const { sending, slip } = this.row;
    return html`
      <h1>${c("sent.title")}</h1>
      <p>${c(arrived(sending) ? "sent.arrived" : "sent.waiting")}</p>
      <db-sending .sending=${sending}></db-sending>
      ${arrived(sending) ? html`<db-fee .dossier=${this.dossier} .seen=${this.row.updatedAt}></db-fee>` : nothing}
      ${arrived(sending) ? this.papers() : nothing}
      ${this.row.away ? html`<p class="note done" role="status" data-taken>${h("code.taken")}</p>` : this.code(slip)}
      <section class="card">
        <h2>${c("sent.slip")}</h2>
        <p class="large code" data-slip>${showSlip(slip)}</p>
        ${codeOf(this.dossier) ? nothing : html`<db-slip-qr .slip=${slip}></db-slip-qr>`}
        <p>${codeOf(this.dossier) ? h("code.follow") : c("sent.slip_text")}</p>
        ${this.filed ? asList(this.lines(this.filed)) : nothing}
      </section>
      <div class="foot">
        <a class="button" href=${TABLET} data-next-person>${c("sent.next")}</a>
      </div>`;
  }

  private get filed(): Filed | null {
    return codeOf(this.dossier)?.filed ?? null;
  }

  /** The server misses nothing it names: what is on its way, the sending state counts. */
  private lines(filed: Filed): string[] {
    return [...filedLines(filed), h("filed.complete")];
  }

  private code(slip: string): TemplateResult {
    const kept = codeOf(this.dossier);
    if (!kept) return this.another();
    const { code } = kept;
    const paper = {
      code,
      until: goodUntil(code, this.row),
      birth: true,
      slip,
      lines: this.filed ? this.lines(this.filed) : [],
      sent: true,
      point: this.point,
      trial: this.trial,
    };
    return html`
      <h2>${h("code.title")}</h2>
      <db-code-card .code=${code} .row=${this.row}></db-code-card>
      ${printButtons()}
      ${slipPaper(paper)}`;
  }

  private another(): TemplateResult {
    return html`<section class="card">
      <h2>${h("code.title")}</h2>
      <p>${h("code.gone")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <button class="button second" type="button" data-new-code ?disabled=${this.busy} @click=${this.issue}>${h("code.new")}</button>
    </section>`;
  }

  /** The tablet has no key any more: the server notes the new code for the clerk who helped. */
  private readonly issue = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      const { claim, secret, typed } = await freshCode();
      const made = await api<{ expires_at: string }>(`/clerk/dossiers/${this.dossier}/claim`, {
        json: { claim, typed },
      });
      const code = { kind: "hand_over", secret, typed, request: null } as const;
      keepCode(this.dossier, { ...code, expiresAt: made.expires_at });
    } catch (cause) {
      this.problem =
        cause instanceof ApiError && cause.code === "offline"
          ? h("code.new_offline")
          : whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };
}

customElements.define("db-sent", SentPage);
