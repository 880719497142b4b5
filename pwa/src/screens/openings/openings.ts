import { html, nothing, type TemplateResult } from "lit";
import { showInstant, wordsReady } from "../../i18n/index.ts";
import { ApiError, api, request, signIn } from "../../identity/index.ts";
import { BehindSession } from "../shared/behind-session.ts";
import { type OpeningsKey, q } from "./words/index.ts";

interface Opening {
  at: string;
  role: string;
  purpose: string;
  /** How often one account did so with nobody between; `at` is the last time. */
  times: number;
}

const ROLES: Readonly<Record<string, OpeningsKey>> = {
  officer: "role.officer",
  clerk: "role.clerk",
  applicant: "role.applicant",
  admin: "role.admin",
};
/** What the server does by itself is told as a number, but for what was asked of it. */
const ASKED = "draft_photos";
const PURPOSES: Readonly<Record<string, OpeningsKey>> = {
  desk: "purpose.desk",
  photo: "purpose.photo",
  decision: "purpose.decision",
  pack: "purpose.pack",
  claim: "purpose.claim",
  recover: "purpose.recover",
  export: "purpose.export",
  paper: "purpose.paper",
  [ASKED]: "purpose.draft_photos",
};

/** Who opened one's dossier, asked of the server when it is wanted, and one's data to take along. */
export class Openings extends BehindSession {
  static override properties = {
    dossier: { type: String },
    draft: { type: Boolean },
    lines: { state: true },
    done: { state: true },
  };

  dossier = "";
  /** Nothing was sent: there is nothing to take along but what lies on this device. */
  draft = false;
  private lines: readonly Opening[] | null = null;
  private done = false;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.guarded(() => this.load());
  }

  protected override async load(): Promise<void> {
    await wordsReady();
    this.lines = await api<Opening[]>(`/dossiers/${this.dossier}/openings`);
  }

  private readonly take = (): Promise<void> =>
    this.guarded(async () => {
      await this.download();
      this.done = true;
      await this.load();
    });

  /** With the passkey once more where that was long ago. */
  private async download(): Promise<void> {
    const path = `/dossiers/${this.dossier}/export`;
    let answer: Response;
    try {
      answer = await request(path);
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.code !== "passkey_needed") throw cause;
      await signIn("applicant");
      answer = await request(path);
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `doibang-${this.dossier.slice(0, 8)}.zip`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  protected override render(): TemplateResult {
    return html`
      <p>${q("text")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.signedOut ? this.door() : this.known()}`;
  }

  private door(): TemplateResult {
    return html`<p>${q("sign_in.text")}</p>
      <button class="button second" type="button" data-enter ?disabled=${this.busy} @click=${this.enter}>${q("sign_in.button")}</button>`;
  }

  private known(): TemplateResult | typeof nothing {
    if (!this.lines) return this.problem ? nothing : html`<p role="status">${q("loading")}</p>`;
    const own = ({ role, purpose }: Opening): boolean => role === "system" && purpose !== ASKED;
    const people = this.lines.filter((one) => !own(one));
    const server = this.lines.filter(own);
    const times = server.reduce((sum, line) => sum + line.times, 0);
    return html`
      ${people.length ? html`<ul class="plain" data-people>${people.map(line)}</ul>` : html`<p>${q("none")}</p>`}
      ${server[0] ? html`<p class="quiet">${q("system", { times, at: showInstant(server[0].at) })}</p>` : nothing}
      ${this.draft ? nothing : this.taking()}`;
  }

  private taking(): TemplateResult {
    return html`
      ${this.done ? html`<p class="note done" role="status">${q("export.done")}</p>` : html`<p>${q("export.text")}</p>`}
      <button class="button second" type="button" data-export ?disabled=${this.busy} @click=${this.take}>${q("export.button")}</button>`;
  }
}

function line({ at, role, purpose, times }: Opening): TemplateResult {
  return html`<li><strong>${q(ROLES[role] ?? "role.server")}</strong>: ${q(PURPOSES[purpose] ?? "purpose.other")}${times > 1 ? html`, ${q("times", { times })}` : nothing}
    <br /><span class="quiet">${showInstant(at)}</span></li>`;
}

customElements.define("db-openings", Openings);
