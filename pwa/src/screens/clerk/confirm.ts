import "../../styles/tablet.css";
import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { type Draft, open } from "../../drafts/index.ts";
import { showDate, showNumber, t } from "../../i18n/index.ts";
import { CHECK, SEND } from "../applicant/steps.ts";
import { nameOf } from "../shared/explain.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/field.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { type Shift, shiftNow } from "./shift.ts";
import { c } from "./words/index.ts";

const SHOWN = [
  "full_name",
  "date_of_birth",
  "identity_number",
  "licence_number",
  "requested_class",
] as const;
const BOXES = ["applicant", "identity"] as const;

/** Before a helped dossier is sent: the applicant says yes, and the clerk has seen the ID card. */
export class ConfirmPage extends Page {
  static override properties = {
    ...Page.properties,
    ticked: { state: true },
    troubles: { state: true },
  };

  private draft!: Draft;
  private shift!: Shift;
  private ticked: ReadonlySet<string> = new Set();
  private troubles: readonly Trouble[] = [];

  override get back(): string | null {
    return `/to-khai/${this.params.dossier}/${CHECK}`;
  }

  override get holdsWork(): boolean {
    return true;
  }

  protected override async load(): Promise<void> {
    const shift = await shiftNow();
    if (!shift?.point) return navigate("/nhan-vien", { replace: true });
    this.shift = shift;
    this.draft = await open(this.params.dossier ?? "");
  }

  protected override content(): TemplateResult {
    if (!this.draft) return html``;
    const values = this.draft.values();
    const who = this.shift.name ?? c("band.clerk");
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <h1>${c("confirm.title")}</h1>
      <p>${c("confirm.text")}</p>
      <dl class="pairs">
        ${SHOWN.map((name) => html`<div><dt>${nameOf(name)}</dt><dd class="large">${shown(values[name])}</dd></div>`)}
      </dl>
      <div @answer=${this.tick}>
        ${this.box("applicant", c("confirm.applicant", { clerk: who }))}
        <h2>${c("confirm.clerk")}</h2>
        ${this.box("identity", c("confirm.identity"))}
      </div>
      <div class="foot">
        <button class="button" type="button" data-next data-confirm @click=${this.goOn}>${t("app.continue")}</button>
      </div>`;
  }

  private box(name: (typeof BOXES)[number], label: string): TemplateResult {
    return html`<db-field .question=${{ name, kind: "check", label }} .value=${this.ticked.has(name)}
      .problem=${this.troubles.find(({ field }) => field === name)?.text ?? null} shared></db-field>`;
  }

  private tick({ detail: { name, value } }: CustomEvent<Answered>): void {
    const ticked = new Set(this.ticked);
    if (value) ticked.add(name);
    else ticked.delete(name);
    this.ticked = ticked;
  }

  private readonly goOn = async (): Promise<void> => {
    this.troubles = BOXES.filter((name) => !this.ticked.has(name)).map((field) => ({
      field,
      text: c(`confirm.${field}_needed`),
    }));
    const { account, point } = this.shift;
    if (this.troubles.length > 0 || !point) return;
    await this.draft.set("helper", { account, point: point.id, confirmation: "present" });
    navigate(`/to-khai/${this.draft.dossier}/${SEND}`, { replace: true });
  };
}

function shown(value: unknown): string {
  return typeof value === "string" ? showNumber(showDate(value)) : "–";
}

customElements.define("db-confirm", ConfirmPage);
