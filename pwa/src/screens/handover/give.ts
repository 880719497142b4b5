import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { TABLET } from "../../app/tablet.ts";
import {
  codeOf,
  type DossierRow,
  type Draft,
  forgetCode,
  list,
  onRows,
  open,
} from "../../drafts/index.ts";
import { showSlip } from "../../i18n/index.ts";
import { isTrial } from "../../seal/intake.ts";
import { whyUnsaved } from "../applicant/form.ts";
import { FIRST } from "../applicant/steps.ts";
import { shiftNow } from "../clerk/shift.ts";
import { goodUntil } from "./code-card.ts";
import { asList, filedLines, lacking, missingLine } from "./filed.ts";
import { printButtons, slipPaper } from "./slip.ts";
import { h } from "./words/index.ts";

/** On a tablet: a draft in the middle goes to the applicant's own phone. */
export class GivePage extends Page {
  static override properties = {
    ...Page.properties,
    row: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private draft!: Draft;
  private row: DossierRow | undefined;
  private point: string | null = null;
  private trial = false;
  private problem: string | null = null;
  private busy = false;

  override get back(): string | null {
    return TABLET;
  }

  protected override async load(): Promise<void> {
    const dossier = this.params.dossier ?? "";
    this.draft = await open(dossier);
    if (this.draft.submitted) return navigate(`${TABLET}/da-gui/${dossier}`, { replace: true });
    [this.trial, this.point] = await Promise.all([
      isTrial(),
      shiftNow().then((shift) => shift?.point?.name ?? null),
    ]);
    await this.refresh();
    this.until(onRows(() => void this.refresh()));
    this.until(() => forgetCode(dossier));
  }

  private async refresh(): Promise<void> {
    this.row = (await list()).find(({ dossier }) => dossier === this.params.dossier);
  }

  private readonly show = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      await this.draft.handOver("hand_over");
    } catch (cause) {
      console.error(cause);
      const code = (cause as { code?: string } | null)?.code;
      this.problem = code === "no_intake_key" ? h("give.no_key") : whyUnsaved(cause);
    } finally {
      this.busy = false;
    }
  };

  protected override content(): TemplateResult {
    const dossier = this.params.dossier ?? "";
    if (this.row?.away)
      return html`<h1>${h("give.title")}</h1>
        <p class="note done" role="status" data-taken>${h("code.taken")}</p>
        <div class="foot"><a class="button" href=${TABLET} data-next-person>${h("give.done")}</a></div>`;
    const kept = codeOf(dossier);
    const missing = missingLine(lacking(this.draft));
    const lines = [...filedLines(kept?.filed ?? this.draft.filed()), missing];
    return html`
      <h1>${h("give.title")}</h1>
      <p>${h("give.text")}</p>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${kept ? html`<db-code-card .code=${kept.code} .row=${this.row} .birth=${this.birth}></db-code-card>` : nothing}
      <section class="card">
        <h2>${h("filed.title")}</h2>
        <p>${h("filed.slip")}: <strong class="code" data-slip>${showSlip(this.draft.slip)}</strong></p>
        ${asList(lines)}
      </section>
      ${kept ? printButtons() : nothing}
      <div class="foot">
        ${
          kept
            ? html`<a class="button" href=${TABLET} data-next-person>${h("give.done")}</a>
              <button class="button second" type="button" data-new-code ?disabled=${this.busy} @click=${this.show}>${h("code.new")}</button>`
            : html`<button class="button" type="button" data-show-code ?disabled=${this.busy} @click=${this.show}>${h("give.button")}</button>
              <a class="button second" href="/to-khai/${dossier}/${this.draft.position ?? FIRST}">${h("give.back")}</a>`
        }
      </div>
      ${
        kept
          ? slipPaper({
              code: kept.code,
              until: goodUntil(kept.code, this.row),
              birth: this.birth,
              slip: this.draft.slip,
              lines,
              sent: false,
              point: this.point,
              trial: this.trial,
            })
          : nothing
      }`;
  }

  private get birth(): boolean {
    return this.draft.values().date_of_birth !== undefined;
  }
}

customElements.define("db-give", GivePage);
