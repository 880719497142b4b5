import { html, nothing, type TemplateResult } from "lit";
import { TAKE } from "../../app/claim-link.ts";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import {
  type Away,
  type DossierRow,
  type Draft,
  list,
  open,
  type StatusDetail,
  WHOLE,
} from "../../drafts/index.ts";
import { inLanguage, showDate, showInstant, showMoney, showSlip } from "../../i18n/index.ts";
import { ApiError, unreached } from "../../identity/index.ts";
import { syncNow } from "../../sync/index.ts";
import { rowChip } from "../shared/chip.ts";
import { nameOf, whyFound } from "../shared/explain.ts";
import { returnWords } from "../shared/reasons.ts";
import "../shared/sending.ts";
import "../shared/slip-qr.ts";
import { whyUnsaved } from "./form.ts";
import "./part-with.ts";
import "./pick-up.ts";
import { CHECK, FIRST, stepFor, stepOf } from "./steps.ts";
import { timeline } from "./timeline.ts";
import { todo } from "./todo.ts";
import { w } from "./words/index.ts";

/** One dossier after sending: what to do on top, then the way it goes, then its papers' numbers. */
export class DossierPage extends Page {
  static override properties = {
    ...Page.properties,
    problem: { state: true },
    busy: { state: true },
    kept: { state: true },
  };

  private draft!: Draft;
  private row: DossierRow | undefined;
  private awayView: ((draft: Draft, away: Away) => TemplateResult) | undefined;
  private problem: string | null = null;
  private busy = false;
  private kept = false;

  override get back(): string | null {
    return "/ho-so";
  }

  protected override async load(): Promise<void> {
    const dossier = this.params.dossier ?? "";
    this.row = (await list()).find((row) => row.dossier === dossier);
    if (this.row?.arriving) return navigate(`${TAKE}?ho-so=${dossier}`, { replace: true });
    this.draft = await open(dossier);
    if (this.draft.away()) this.awayView = (await import("../handover/away.ts")).awayView;
    await this.refresh();
    if (!this.draft.submitted && !this.draft.away()) return;
    this.until(this.draft.subscribe(() => void this.refresh()));
    void syncNow(); // what the server says may be newer than the last pull
    const failed = ({ detail }: Event & { detail?: unknown }): void => {
      this.problem = detail instanceof ApiError ? inLanguage(detail.text) : w("send.failed");
    };
    this.addEventListener("failed", failed);
  }

  private async refresh(): Promise<void> {
    const { dossier, submitted, position } = this.draft;
    this.row = (await list()).find((row) => row.dossier === dossier);
    if (this.draft.status()?.detail?.fee)
      void import("../payment/fee.ts").catch(() => console.info("paying needs the server"));
    if (this.isConnected && !submitted && !this.draft.away())
      return navigate(`/to-khai/${dossier}/${position ?? FIRST}`, { replace: true });
    this.requestUpdate();
  }

  protected override content(): TemplateResult {
    const { draft } = this;
    const away = draft.away();
    if (away) return this.awayView?.(draft, away) ?? html``;
    if (!this.row)
      return html`<h1>${w("dossier.untitled")}</h1><p class="note" role="status">${w("dossier.erased")}</p>`;
    const detail = draft.status()?.detail ?? null;
    const submittedAt = this.row?.submittedAt ?? null;
    return html`
      <h1>${detail?.dossier_code ? w("dossier.title", { code: detail.dossier_code }) : w("dossier.untitled")}</h1>
      ${this.chip(detail)}
      ${todo(draft, submittedAt)}
      ${this.apology(detail)}
      ${this.recovery()}
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.correction()}
      <h2>${w("dossier.way")}</h2>
      ${timeline(submittedAt, draft.sending(), detail)}
      ${this.findings()}
      ${this.fee(detail)}
      ${this.numbers()}
      <section class="card">
        <h2>${w("dossier.slip")}</h2>
        <p class="large code" data-slip>${showSlip(draft.slip)}</p>
        <db-slip-qr .slip=${draft.slip}></db-slip-qr>
        <p>${w("done.slip_text")}</p>
      </section>
      ${detail ? this.papers() : nothing}
      ${draft.submitted ? [this.notices(), this.openings()] : nothing}
      <db-pick-up .draft=${draft} .told=${draft.status()}></db-pick-up>
      <db-part-with .draft=${draft}></db-part-with>`;
  }

  /** What needs the server is brought when it is looked at. */
  private async bring(part: Promise<unknown>): Promise<void> {
    await part.catch(() => {
      this.problem = inLanguage(unreached().text);
    });
  }

  private notices(): TemplateResult {
    return html`<details class="why" data-notices @toggle=${() => this.bring(import("../notices/notices.ts"))}>
      <summary>${w("dossier.notices")}</summary>
      <div><db-notices .draft=${this.draft} .owner=${this.row?.owner ?? null}></db-notices></div>
    </details>`;
  }

  private papers(): TemplateResult {
    return html`<details class="why" data-papers @toggle=${() => this.bring(import("../papers/papers.ts"))}>
      <summary>${w("dossier.papers")}</summary>
      <div><db-papers dossier=${this.draft.dossier}></db-papers></div>
    </details>`;
  }

  private openings(): TemplateResult {
    return html`<details class="why" data-openings @toggle=${() => this.bring(import("../openings/openings.ts"))}>
      <summary>${w("dossier.openings")}</summary>
      <div><db-openings dossier=${this.draft.dossier}></db-openings></div>
    </details>`;
  }

  /** Somebody with the slip and an ID card asked a clerk for this dossier: is it this person? */
  private recovery(): TemplateResult | typeof nothing {
    const recovery = this.draft.recovery();
    if (!recovery) return nothing;
    if (this.kept) return html`<p class="note" role="status" data-kept>${w("dossier.kept")}</p>`;
    return html`<section class="note must" data-recovery>
      <p>${w("dossier.recovery", { at: showInstant(recovery.goodFrom) })}</p>
      <button class="button" type="button" data-keep ?disabled=${this.busy} @click=${this.keep}>${w("dossier.keep")}</button>
    </section>`;
  }

  private readonly keep = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      await this.draft.wish("keep");
      this.kept = true;
    } catch (cause) {
      this.problem = whyUnsaved(cause);
    } finally {
      this.busy = false;
    }
  };

  /** While parts are on their way the bar belongs to it; afterwards the stage is what counts. */
  private chip(detail: StatusDetail | null): TemplateResult {
    const sending = this.draft.sending();
    return this.row && sending.state === "accepted"
      ? html`<p>${rowChip(this.row, detail)}</p>`
      : html`<db-sending .sending=${sending}></db-sending>`;
  }

  /** Only what was marked wrong can be opened; sending waits until the person says so. */
  private correction(): TemplateResult | typeof nothing {
    const correction = this.draft.correction();
    if (!correction) return nothing;
    return html`<section class="card">
      <ul>
        ${correction.items.map((item) => {
          const { target } = item;
          const step = target === WHOLE ? stepOf(CHECK) : stepFor(target);
          return html`<li>
            <p>${returnWords(item)}</p>
            ${step ? html`<p><a class="button second" data-fix=${target} href="/to-khai/${this.draft.dossier}/${step.id}?sua=bo-sung">${w("dossier.fix_item", { what: nameOf(target) })}</a></p>` : nothing}
          </li>`;
        })}
      </ul>
      ${correction.note ? html`<p>${w("dossier.note")}: ${correction.note}</p>` : nothing}
      <button class="button" type="button" data-resend ?disabled=${this.busy} @click=${this.resend}>${w("dossier.resend")}</button>
    </section>`;
  }

  private readonly resend = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      await this.draft.submit();
    } catch (cause) {
      console.error(cause);
      const code = (cause as { code?: string } | null)?.code;
      this.problem =
        code === "no_intake_key"
          ? w("send.no_key")
          : code === "photos_awaited"
            ? w("send.photos_awaited")
            : code === "nothing_to_submit"
              ? w("dossier.nothing_changed")
              : whyUnsaved(cause);
    } finally {
      this.busy = false;
    }
  };

  /** Paying needs the server: without it the card may be missing, and the numbers say enough. */
  private fee(detail: StatusDetail | null): TemplateResult | typeof nothing {
    if (!detail?.fee || detail.state === "withdrawn" || detail.state === "rejected") return nothing;
    const { dossier } = this.draft;
    return html`<db-fee .dossier=${dossier} .owner=${this.row?.owner ?? null} .fee=${detail.fee}></db-fee>`;
  }

  /** The promised day will not be kept; the new one stands among the numbers too. */
  private apology(detail: StatusDetail | null): TemplateResult | typeof nothing {
    if (!detail?.apology || !detail.promised_on || detail.decision) return nothing;
    const [before, date] = [detail.apology.promised_on, detail.promised_on].map(showDate);
    return html`<p class="note wait" data-apology>${w("dossier.apology", { before: before ?? "", date: date ?? "" })}</p>`;
  }

  private findings(): TemplateResult | typeof nothing {
    const said = (this.draft.status()?.detail?.findings ?? [])
      .map(({ code, field, params }) => whyFound(code, field, params))
      .filter((text) => text !== null);
    if (said.length === 0) return nothing;
    return html`<section><h2>${w("dossier.findings")}</h2><ul>${said.map((text) => html`<li>${text}</li>`)}</ul></section>`;
  }

  private numbers(): TemplateResult | typeof nothing {
    const detail = this.draft.status()?.detail;
    if (!detail) return nothing;
    const { dossier_code, filed_at, promised_on, fee, consignment } = detail;
    const pair = (
      name: string,
      value: string | null | undefined,
    ): TemplateResult | typeof nothing =>
      value ? html`<div><dt>${name}</dt><dd>${value}</dd></div>` : nothing;
    return html`<dl class="pairs">
      ${pair(w("dossier.code"), dossier_code)}
      ${pair(w("dossier.filed"), filed_at && showInstant(filed_at))}
      ${pair(w("dossier.promised"), promised_on && showDate(promised_on))}
      ${pair(w("dossier.fee"), fee && w(`dossier.fee_${fee.state}`, { amount: showMoney(fee.amount) }))}
      ${pair(w("dossier.parcel"), consignment?.number)}
    </dl>`;
  }
}

customElements.define("db-dossier", DossierPage);
