import "../../styles/tablet.css";
import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { TABLET } from "../../app/tablet.ts";
import { list } from "../../drafts/index.ts";
import { showInstant, showSlip } from "../../i18n/index.ts";
import { ApiError, api, type Session } from "../../identity/index.ts";
import { onNetwork } from "../../sync/index.ts";
import "../door/sign-in.ts";
import { whyRefused } from "../shared/problem.ts";
import { resume, whyNotResumed } from "./resume.ts";
import { entered } from "./shift.ts";
import { c } from "./words/index.ts";

/** A line of `/api/clerk/unsent`. */
interface Unsent {
  readonly dossier: string;
  readonly name: string | null;
  readonly slip: string | null;
  readonly clerk: string | null;
  readonly mine: boolean;
  readonly updated_at: string;
}

/** What was begun on tablets of this point and not sent. Names are in this page's memory only. */
export class UnfinishedPage extends Page {
  static override properties = {
    ...Page.properties,
    view: { state: true },
    rows: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private view: "list" | "offline" | "signed_out" = "list";
  private rows: readonly Unsent[] = [];
  private problem: string | null = null;
  private busy: string | null = null;

  override get back(): string | null {
    return TABLET;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(onNetwork(() => void this.load()));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.rows = [];
  }

  protected override async load(): Promise<void> {
    try {
      const found = await api<Unsent[]>("/clerk/unsent");
      const here = new Set((await list()).filter((row) => row.readable).map((row) => row.dossier));
      this.rows = found.filter(({ dossier }) => !here.has(dossier));
      this.view = "list";
      this.problem = null;
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      if (cause.status === 401) this.view = "signed_out";
      else if (cause.code === "offline") this.view = "offline";
      else this.problem = whyRefused(cause);
      this.rows = [];
    }
  }

  private readonly onSignedIn = async ({ detail }: CustomEvent<Session>): Promise<void> => {
    entered(detail);
    await this.load();
  };

  protected override content(): TemplateResult {
    return html`
      <h1>${c("unfinished.title")}</h1>
      <p>${c("unfinished.text")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.body()}`;
  }

  private body(): TemplateResult {
    if (this.view === "signed_out")
      return html`<db-sign-in .who=${"clerk"} within @signed-in=${this.onSignedIn}></db-sign-in>`;
    if (this.view === "offline")
      return html`<p class="note wait" data-view="offline">${c("unfinished.offline")}</p>`;
    if (this.rows.length === 0) return html`<p class="quiet" data-none>${c("unfinished.none")}</p>`;
    return html`${this.rows.map((row) => this.card(row))}`;
  }

  private card(row: Unsent): TemplateResult {
    const who = row.mine ? c("unfinished.mine") : (row.clerk ?? c("band.clerk"));
    return html`<article class="card" data-unsent=${row.dossier}>
      <h2>${row.name ?? c("unfinished.nameless")}</h2>
      <p class="quiet">
        ${row.slip ? html`<span class="code">${showSlip(row.slip)}</span><br />` : nothing}
        ${c("unfinished.by", { who, at: showInstant(row.updated_at) })}
      </p>
      <button class="button second" type="button" data-resume ?disabled=${this.busy !== null}
        @click=${() => void this.goOn(row)}>${c(this.busy === row.dossier ? "unfinished.coming" : "list.go_on")}</button>
    </article>`;
  }

  private async goOn({ dossier }: Unsent): Promise<void> {
    this.busy = dossier;
    this.problem = null;
    try {
      await resume(dossier);
    } catch (cause) {
      this.problem = whyNotResumed(cause);
    } finally {
      this.busy = null;
    }
  }
}

customElements.define("db-unfinished", UnfinishedPage);
