import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { codeOf, type DossierRow, type Draft, list, onRows, open } from "../../drafts/index.ts";
import { current } from "../../vault/index.ts";
import { whyUnsaved } from "../applicant/form.ts";
import { FIRST } from "../applicant/steps.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/field.ts";
import "../shared/summary.ts";
import "./code-card.ts";
import { asList } from "./filed.ts";
import { h } from "./words/index.ts";

/** On the applicant's own phone: a clerk continues the draft for a day, if they agree. */
export class LendPage extends Page {
  static override properties = {
    ...Page.properties,
    row: { state: true },
    agreed: { state: true },
    trouble: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private draft!: Draft;
  private row: DossierRow | undefined;
  private agreed = false;
  private trouble: string | null = null;
  private problem: string | null = null;
  private busy = false;

  override get back(): string | null {
    return "/ho-so";
  }

  private get dossierPage(): string {
    return `/ho-so/${this.params.dossier}`;
  }

  protected override async load(): Promise<void> {
    this.draft = await open(this.params.dossier ?? "");
    if (this.draft.submitted) return navigate(this.dossierPage, { replace: true });
    await this.refresh();
    this.until(onRows(() => void this.refresh()));
  }

  private async refresh(): Promise<void> {
    this.row = (await list()).find(({ dossier }) => dossier === this.params.dossier);
    if (this.row?.away) navigate(this.dossierPage, { replace: true });
  }

  private readonly tick = ({ detail: { value } }: CustomEvent<Answered>): void => {
    this.agreed = value === true;
    if (this.agreed) this.trouble = null;
  };

  private readonly show = async (): Promise<void> => {
    this.trouble = this.agreed ? null : h("lend.agree_needed");
    if (!this.agreed) return;
    this.busy = true;
    this.problem = null;
    try {
      await this.draft.handOver("lend");
    } catch (cause) {
      console.error(cause);
      const code = (cause as { code?: string } | null)?.code;
      this.problem = code === "no_intake_key" ? h("give.no_key") : whyUnsaved(cause);
    } finally {
      this.busy = false;
    }
  };

  protected override content(): TemplateResult {
    if (current()?.mode !== "own")
      return html`<h1>${h("lend.title")}</h1><p class="note wait">${h("lend.own_only")}</p>`;
    const code = codeOf(this.params.dossier ?? "")?.code;
    const terms = asList([h("lend.sees"), h("lend.hours"), h("lend.named"), h("lend.meanwhile")]);
    if (code?.kind === "lend")
      return html`
        <h1>${h("lend.title")}</h1>
        <db-code-card .code=${code} .row=${this.row} .birth=${this.draft.values().date_of_birth !== undefined}></db-code-card>
        ${terms}
        <div class="foot"><a class="button second" href="/to-khai/${this.draft.dossier}/${this.draft.position ?? FIRST}">${h("lend.back")}</a></div>`;
    const question = { name: "agree", kind: "check" as const, label: h("lend.agree") };
    return html`
      <db-summary .troubles=${this.trouble ? [{ field: "agree", text: this.trouble }] : []}></db-summary>
      <h1>${h("lend.title")}</h1>
      ${terms}
      <db-field .question=${question} .value=${this.agreed} .problem=${this.trouble} @answer=${this.tick}></db-field>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      <div class="foot">
        <button class="button" type="button" data-show-code ?disabled=${this.busy} @click=${this.show}>${h("lend.button")}</button>
      </div>`;
  }
}

customElements.define("db-lend", LendPage);
