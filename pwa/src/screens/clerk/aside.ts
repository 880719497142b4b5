import "../../styles/tablet.css";
import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { navigate } from "../../app/router.ts";
import { create, list, onRows, open } from "../../drafts/index.ts";
import { showInstant, showSlip, wordsReady } from "../../i18n/index.ts";
import { ApiError, api } from "../../identity/index.ts";
import { onNetwork } from "../../sync/index.ts";
import { FIRST } from "../applicant/steps.ts";
import { h } from "../handover/words/index.ts";
import { rowChip, stageWords } from "../shared/chip.ts";
import { resume, whyNotResumed } from "./resume.ts";
import { type HelpedRow, isOpen, type Line, linesOf } from "./rows.ts";
import { onSession, ownSession, type Shift, sessionOver, shiftNow } from "./shift.ts";
import { c } from "./words/index.ts";

const EVERY_MS = 60_000;

/**
 * Beside the form on the tablet: today's dossiers. Names are only in this element's memory, and
 * are not shown while somebody is being helped, who sits before the same screen.
 */
export class ClerkAside extends Light {
  static override properties = {
    chosen: { attribute: false },
    lines: { state: true },
    known: { state: true },
    problem: { state: true },
  };

  /** The dossier that is open beside the list. */
  chosen: string | null = null;
  private lines: readonly Line[] = [];
  /** Names and states come from the server now; false: signed out or without a network. */
  private known = false;
  private problem: string | null = null;
  private helped: readonly HelpedRow[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    const again = setInterval(() => void this.ask(), EVERY_MS);
    this.until(() => clearInterval(again));
    this.until(onRows(() => void this.ask()));
    this.until(onNetwork(() => void this.ask()));
    this.until(onSession(() => void this.ask()));
    void this.begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.helped = [];
    this.lines = [];
  }

  private async begin(): Promise<void> {
    await wordsReady();
    await this.ask();
  }

  private async ask(): Promise<void> {
    await this.draw();
    try {
      this.known = await ownSession();
      this.helped = this.known ? await api<HelpedRow[]>("/clerk/dossiers") : [];
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      this.known = false;
      if (cause.status === 401) {
        sessionOver();
        this.helped = [];
      }
    }
    await this.draw();
  }

  private async draw(): Promise<void> {
    const rows = await list();
    if (this.isConnected) this.lines = linesOf(rows, this.helped);
  }

  protected override render(): TemplateResult {
    return html`
      <button type="button" class="button help-new" data-help-new @click=${this.helpNew}>${c("list.new")}</button>
      <h2>${c("list.title")}</h2>
      ${this.chosen ? html`<p class="quiet small">${c("list.hidden")}</p>` : nothing}
      ${this.known || this.chosen ? nothing : html`<p class="quiet small">${c("list.nameless")}</p>`}
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.lines.length === 0 ? html`<p class="quiet">${c("list.none")}</p>` : nothing}
      <ul class="helped">${this.lines.map((line) => this.line(line))}</ul>
      ${this.chosen ? nothing : this.more()}`;
  }

  private more(): TemplateResult {
    return html`<p class="more">
      <a href="/nhan-vien/do-dang" data-unfinished>${c("unfinished.open")}</a>
      <a href="/nhan-vien/cap-lai" data-reissue>${c("reissue.open")}</a>
    </p>`;
  }

  private line(line: Line): TemplateResult {
    const inner = html`
      <span class="who">
        ${line.slip ? html`<strong class="code">${showSlip(line.slip)}</strong>` : html`<strong>${line.local?.away ? h("list.given") : c("list.unsent")}</strong>`}
        <span class="quiet small">${line.at ? showInstant(line.at).slice(0, 11) : ""}</span>
      </span>
      ${line.name && !this.chosen ? html`<span>${line.name}</span>` : nothing}
      <span class="marks">${chipOf(line)}</span>
      ${this.missing(line)}
      `;
    const current = line.dossier === this.chosen;
    return html`<li class=${current ? "current" : ""} data-dossier=${line.dossier}>
      ${
        isOpen(line)
          ? html`<button type="button" class="line" aria-current=${current ? "true" : "false"}
              @click=${() => void this.goOn(line)}>${inner}<span class="go">${c("list.go_on")}</span></button>`
          : html`<div class="line">${inner}</div>`
      }
      ${this.handOver(line)} ${this.returned(line)}
    </li>`;
  }

  /** The tablet holds nothing of it any more: the server gives it back to be corrected. */
  private returned({ dossier, state, local }: Line): TemplateResult | typeof nothing {
    if (state !== "returned" || dossier === this.chosen) return nothing;
    if (local?.readable)
      return html`<a class="give" href="/ho-so/${dossier}">${c("list.go_on")}</a>`;
    return html`<button type="button" class="give" data-resume @click=${() => void this.bringBack(dossier)}>${c("resume.returned")}</button>`;
  }

  private async bringBack(dossier: string): Promise<void> {
    this.problem = null;
    try {
      await resume(dossier);
    } catch (cause) {
      this.problem = whyNotResumed(cause);
    }
  }

  /** To the code by which the applicant takes it: of a draft in the middle, or of one sent here. */
  private handOver(line: Line): TemplateResult | typeof nothing {
    const { dossier, local } = line;
    if (!local || local.away || dossier === this.chosen) return nothing;
    const [to, word] = isOpen(line)
      ? ([`/nhan-vien/giao-lai/${dossier}`, "list.give"] as const)
      : ([`/nhan-vien/da-gui/${dossier}`, "list.code"] as const);
    if (!isOpen(line) && !local.submittedAt) return nothing;
    return html`<a class="give" href=${to} data-hand-over>${h(word)}</a>`;
  }

  private missing({ missing: { parts, photos } }: Line): TemplateResult | typeof nothing {
    return parts === 0
      ? nothing
      : html`<span class="small">${c("list.missing", { parts, photos })}</span>`;
  }

  private readonly helpNew = async (): Promise<void> => {
    const draft = await create({ procedure: "doi" });
    navigate(`/to-khai/${draft.dossier}/${FIRST}`);
  };

  private async goOn({ dossier }: Line): Promise<void> {
    const { position } = await open(dossier);
    navigate(`/to-khai/${dossier}/${position ?? FIRST}`);
  }
}

/** The server's stage where it has one; before that how the sending goes. */
function chipOf({ state, local }: Line): TemplateResult {
  const stage = state ? stageWords(state) : null;
  if (local && (!stage || local.sending.state === "sending")) return rowChip(local);
  const tone =
    state === "returned" || state === "rejected" ? "must" : state === "waiting" ? "wait" : "done";
  return html`<span class="chip ${stage ? tone : "wait"}" data-stage=${state ?? ""}>${stage ?? c("list.arriving")}</span>`;
}

/** The coloured band above the applicant's pages: who is helping. */
export class HelpingBand extends Light {
  static override properties = { shift: { state: true } };
  private shift: Shift | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void Promise.all([shiftNow(), wordsReady()]).then(([shift]) => {
      this.shift = shift;
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.shift) return nothing;
    const { name, point } = this.shift;
    return html`<p class="helping"><span>${c("band.helping")} <strong>${name ?? c("band.clerk")}</strong>${point ? `, ${point.name}` : ""}</span>
      <a href="/nhan-vien">${c("band.list")}</a></p>`;
  }
}

customElements.define("db-clerk-aside", ClerkAside);
customElements.define("db-helping-band", HelpingBand);
