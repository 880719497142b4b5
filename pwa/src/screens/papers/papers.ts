import { html, type PropertyValues, type TemplateResult } from "lit";
import { inLanguage, wordsReady } from "../../i18n/index.ts";
import { api } from "../../identity/index.ts";
import { BehindSession } from "../shared/behind-session.ts";
import { pp } from "./words/index.ts";

interface Paper {
  readonly kind: string;
  readonly name: { readonly vi: string; readonly en: string };
  readonly file: string;
}

/** A dossier's papers to download, asked of the server when they are looked at. */
export class Papers extends BehindSession {
  static override properties = {
    dossier: { type: String },
    reader: { type: String },
    papers: { state: true },
  };

  dossier = "";
  reader: "applicant" | "clerk" | "officer" = "applicant";
  private papers: readonly Paper[] | null = null;

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("dossier")) return;
    this.papers = null;
    void this.guarded(() => this.load());
  }

  protected override get signsInAs(): typeof this.reader {
    return this.reader;
  }

  private get place(): string {
    return `${this.reader === "officer" ? "/desk" : ""}/dossiers/${this.dossier}/papers`;
  }

  protected override async load(): Promise<void> {
    await wordsReady();
    this.papers = await api<Paper[]>(this.place);
  }

  protected override render(): TemplateResult {
    if (this.problem) return html`<p class="note must" role="alert">${this.problem}</p>`;
    if (this.signedOut)
      return html`<p>${pp("sign_in.text")}</p>
        <button class="button second" type="button" data-enter @click=${this.enter}>${pp("sign_in.button")}</button>`;
    if (!this.papers) return html`<p role="status">${pp("loading")}</p>`;
    return html`<p>${pp("text")}</p>
      <ul class="plain">${this.papers.map((one) => this.link(one))}</ul>`;
  }

  private link({ kind, name, file }: Paper): TemplateResult {
    return html`<li><a class="button second" href="/api${this.place}/${kind}" download=${file} data-paper=${kind}>${inLanguage(name)}</a></li>`;
  }
}

customElements.define("db-papers", Papers);
