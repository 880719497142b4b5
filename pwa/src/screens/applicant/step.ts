import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { goBack, navigate } from "../../app/router.ts";
import { confirmFirst, helping, TABLET } from "../../app/tablet.ts";
import { open } from "../../drafts/index.ts";
import { t } from "../../i18n/index.ts";
import { check, triage } from "../../rules/index.ts";
import { current } from "../../vault/index.ts";
import { explain, nameOf, severityOf } from "../shared/explain.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/listen.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { type Ask, isOptional, questionOf } from "./asks.ts";
import "./conflict.ts";
import { Form } from "./form.ts";
import { notes } from "./notes.ts";
import {
  ASIDE,
  beforeOf,
  CHECK,
  ELSEWHERE,
  FIRST,
  nextOf,
  progressOf,
  type Step,
  stepOf,
} from "./steps.ts";
import { drawView, loadView } from "./views.ts";
import { why } from "./why.ts";
import { w } from "./words/index.ts";

/**
 * One page of the way. `?sua=1` was opened from "check your answers" and returns there;
 * `?sua=bo-sung` from a dossier that was returned, and asks only what was marked wrong.
 */
export class StepPage extends Page {
  static override properties = {
    ...Page.properties,
    step: { state: true },
    troubles: { state: true },
  };

  private form!: Form;
  private step!: Step;
  private troubles: readonly Trouble[] = [];

  override get holdsWork(): boolean {
    return true;
  }

  override get back(): string | null {
    if (!this.form) return "/";
    const edit = this.query.get("sua");
    if (edit === "bo-sung") return this.dossierPage;
    if (edit) return this.address(CHECK);
    if (this.step.view === "db-done-view") return this.dossierPage;
    if (ASIDE.includes(this.step)) return this.address(this.query.get("tu") ?? FIRST);
    const before = beforeOf(this.step, this.form.values);
    return before ? this.address(before) : "/";
  }

  private get dossierPage(): string {
    return `/ho-so/${this.params.dossier}`;
  }

  private address(step: string): string {
    return `/to-khai/${this.params.dossier}/${step}`;
  }

  protected override async load(): Promise<void> {
    const step = stepOf(this.params.step ?? "");
    if (!step) return navigate(this.address(FIRST), { replace: true });
    const draft = await open(this.params.dossier ?? "");
    this.step = step;
    this.form = new Form(draft, () => this.requestUpdate());
    const away = helping() ? TABLET : this.dossierPage;
    if (draft.away()) return navigate(away, { replace: true });
    const changed = (): void => {
      if (draft.away()) navigate(away, { replace: true });
      else this.requestUpdate();
    };
    this.until(draft.subscribe(changed));
    this.until(draft.onClosing(() => this.form.flush()));
    if (step.id === ELSEWHERE && triage(this.form.values).online) {
      return navigate(this.address(this.query.get("tu") ?? FIRST), { replace: true });
    }
    void import("../reading/reading.ts").catch(() => undefined); // offline and not fetched yet
    await loadView(step.view);
    const first = await confirmFirst(draft, step.id);
    if (first) return navigate(first, { replace: true });
    const fixing = this.query.get("sua") === "bo-sung" && draft.correction() !== null;
    if (draft.submitted && !fixing && step.view !== "db-done-view") {
      return navigate(this.dossierPage, { replace: true });
    }
    if (!draft.submitted) {
      this.fillInitial();
      if (!this.query.has("sua") && !ASIDE.includes(step)) await this.form.place(step.id);
    }
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const flush = (): void => void this.form?.flush().catch(() => undefined);
    const hidden = (): void => {
      if (document.visibilityState === "hidden") flush();
    };
    document.addEventListener("visibilitychange", hidden);
    this.until(() => document.removeEventListener("visibilitychange", hidden));
    this.until(flush);
  }

  /** The questions of this page that stand now. */
  private get asked(): readonly Ask[] {
    const values = this.form.values;
    return (this.step.asks ?? []).filter(
      (ask) => (ask.when?.(values) ?? true) && this.form.draft.editable(ask.name),
    );
  }

  private fillInitial(): void {
    const values = this.form.values;
    for (const { name, initial } of this.asked) {
      const value = values[name] === undefined ? initial?.(values) : undefined;
      if (value !== undefined) this.form.answer(name, value);
    }
  }

  private readonly onAnswer = (event: CustomEvent<Answered>): void => {
    const { name, value } = event.detail;
    const ask = this.step.asks?.find((one) => one.name === name);
    if (!ask) return;
    const answer = ask.boolean && value !== undefined ? value === "true" : value;
    this.form.answer(ask.name, answer);
    this.fillInitial();
  };

  /** The keypad's own "go" key does what the button does. */
  private readonly onKey = (event: KeyboardEvent): void => {
    const typed = (event.target as Element).matches("input:not([type=radio], [type=search])");
    if (event.key === "Enter" && typed) void this.goOn();
  };

  /** What is wrong with an answer, in plain words, or null. */
  private wrong(ask: Ask): string | null {
    const value = this.form.values[ask.name];
    const label = nameOf(ask.name);
    if (value === undefined || value === "") {
      if (isOptional(ask, this.form.values)) return null;
      return t(ask.kind === "choice" || ask.kind === "select" ? "error.choose" : "error.required", {
        label,
      });
    }
    const problem = check(ask.name, value as never);
    if (!problem || severityOf(problem.code) !== "error") return null;
    if (
      (ask.kind === "date" || ask.kind === "birth") &&
      !/^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$/.test(String(value))
    ) {
      return t("error.date", { label });
    }
    return explain(problem.code, ask.name, problem.params) ?? t("error.format", { label });
  }

  /** *Tiếp tục*, from the page's button or from a view that is done. */
  private readonly goOn = async (): Promise<void> => {
    this.troubles = this.asked.flatMap((ask) => {
      const text = this.wrong(ask);
      return text ? [{ field: ask.name, text }] : [];
    });
    if (this.troubles.length > 0) return;
    if (this.step.derive && !this.form.draft.submitted)
      this.form.put(this.step.derive(this.form.values));
    try {
      await this.form.flush();
    } catch {
      return; // the words are shown where "Đã lưu trên máy" would be
    }
    if (this.query.has("sua")) goBack(this.onward());
    else navigate(this.onward());
  };

  private onward(): string {
    if (this.query.get("sua") === "bo-sung") return this.dossierPage;
    const next = nextOf(this.step, this.form.values);
    if (next === ELSEWHERE) return `${this.address(next)}?tu=${this.step.id}`;
    return this.address(this.query.has("sua") ? CHECK : next);
  }

  protected override content(): TemplateResult {
    const { step } = this;
    return html`
      ${this.progress()}
      <db-summary .troubles=${this.troubles}></db-summary>
      <div class="heading">
        <h1 id="title">${step.view ? drawView.title(step, this.form) : w(step.title)}</h1>
        <db-listen .line=${`page-${step.id}`}></db-listen>
      </div>
      ${why(step)}
      ${step.view ? drawView.body(step, this.form, this.goOn, this.fields()) : this.fields()}
      ${step.view && step.view !== "db-certificate-view" ? this.saved() : this.foot()}`;
  }

  private progress(): TemplateResult | typeof nothing {
    if (ASIDE.includes(this.step) || this.query.get("sua") === "bo-sung") return nothing;
    const { n, of } = progressOf(this.step, this.form.values);
    return html`<div class="progress">
      <p id="progress">${w("progress", { n, of, part: w(`part.${this.step.part}`) })}</p>
      <progress max=${of} value=${n} aria-labelledby="progress"></progress>
    </div>`;
  }

  private fields(): TemplateResult {
    const values = this.form.values;
    const alone = this.step.asks?.length === 1;
    return html`<db-reading .form=${this.form} .asks=${this.asked}></db-reading>
    <div @answer=${this.onAnswer} @keydown=${this.onKey}>
      ${this.asked.map(
        (ask) => html`${this.conflict(ask)}<db-field
          .question=${questionOf(ask, values, alone && ask.kind === "choice" ? "title" : undefined)}
          .value=${values[ask.name]}
          .problem=${this.troubles.find(({ field }) => field === ask.name)?.text ?? null}
          .origin=${this.fromQr(ask) ? t("field.from_qr") : null}
          ?shared=${current()?.mode !== "own"}
        ></db-field>`,
      )}
      ${notes(this.step, values)}
    </div>`;
  }

  /** Typing the answer again settles it too. */
  private conflict(ask: Ask): TemplateResult | typeof nothing {
    const both = this.form.draft.conflicts().some(({ field }) => field === ask.name);
    return both ? html`<db-conflict .form=${this.form} .ask=${ask}></db-conflict>` : nothing;
  }

  private fromQr(ask: Ask): boolean {
    const values = this.form.values;
    return (["reading.id_card_qr", "reading.certificate_qr"] as const).some((reading) => {
      const read = values[reading]?.fields?.[ask.name];
      return read !== undefined && read === values[ask.name];
    });
  }

  private foot(): TemplateResult {
    return html`<div class="foot">
      ${this.saved()}
      <button class="button" type="button" data-next @click=${() => void this.goOn()}>${t("app.continue")}</button>
    </div>`;
  }

  private saved(): TemplateResult {
    const { saving } = this.form;
    if (saving.state === "failed")
      return html`<p class="note must" role="alert">${saving.text}</p>`;
    return html`<p class="saved">${saving.state === "saved" ? `✓ ${t("app.saved")}` : nothing}</p>`;
  }
}

customElements.define("db-step", StepPage);
