import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { navigate } from "../../app/router.ts";
import type { Photo } from "../../drafts/index.ts";
import { showMoney, t } from "../../i18n/index.ts";
import { fee, photosNeeded, problems } from "../../rules/index.ts";
import { explain, nameOf, severityOf } from "../shared/explain.ts";
import { showTyped } from "../shared/kinds.ts";
import { type Commune, loadCommunes } from "../shared/places.ts";
import "../shared/summary.ts";
import { m } from "../devices/words/index.ts";
import type { Trouble } from "../shared/summary.ts";
import { type Ask, questionOf, showAnswer } from "./asks.ts";
import "./conflict.ts";
import type { Form } from "./form.ts";
import { SEND, type Step, stepFor, way } from "./steps.ts";
import { w } from "./words/index.ts";

/** Everything on one page; each line's *Sửa* leads to its question and back here. */
export class CheckView extends Light {
  static override properties = {
    form: { attribute: false },
    communes: { state: true },
    pictures: { state: true },
    troubles: { state: true },
  };

  form!: Form;
  private communes: readonly Commune[] = [];
  private pictures: ReadonlyMap<string, string> = new Map();
  private troubles: readonly Trouble[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    void loadCommunes().then((communes) => {
      this.communes = communes;
    });
    void this.showPictures();
    this.until(this.form.draft.subscribe(() => this.requestUpdate()));
    this.until(() => {
      for (const url of this.pictures.values()) URL.revokeObjectURL(url);
    });
  }

  private async showPictures(): Promise<void> {
    const load = async ({ id, kind }: Photo): Promise<[string, string]> => [
      kind,
      URL.createObjectURL(await this.form.draft.photo(id)),
    ];
    // One that was taken on another device may still be on its way.
    const loaded = await Promise.allSettled(this.form.draft.photos().map(load));
    this.pictures = new Map(
      loaded.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
    );
  }

  protected override render(): TemplateResult {
    const steps = way(this.form.values).filter(({ asks, photo }) => asks || photo);
    const parts = [...new Set(steps.map(({ part }) => part))];
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <p>${w("check.text")}</p>
      ${parts.map(
        (part) => html`<section>
          <h2>${w(`part.${part}`)}</h2>
          <dl class="pairs">${steps.filter((step) => step.part === part).map((step) => this.lines(step))}</dl>
        </section>`,
      )}
      <db-reading .form=${this.form} tick></db-reading>
      <p class="note">${w("fee", { amount: showMoney(fee(this.form.values)) })}</p>
      <div class="foot">
        <button class="button" type="button" data-next @click=${this.goOn}>${t("app.continue")}</button>
      </div>`;
  }

  private lines(step: Step): TemplateResult {
    const { values, draft } = this.form;
    const asks = (step.asks ?? []).filter((ask) => ask.when?.(values) ?? true);
    return html`
      ${asks.map((ask) =>
        this.line(
          step,
          ask.name,
          this.shown(ask),
          draft.conflicts().some(({ field }) => field === ask.name) ? ask : null,
        ),
      )}
      ${step.photo ? this.line(step, `photo:${step.photo}`, this.picture(step.photo), null) : nothing}`;
  }

  private line(step: Step, target: string, shown: unknown, conflict: Ask | null): TemplateResult {
    const { dossier, submitted } = this.form.draft;
    const to = `/to-khai/${dossier}/${step.id}?sua=${submitted ? "bo-sung" : "1"}`;
    return html`<div>
      <dt>${nameOf(target)}</dt>
      <dd>
        ${shown || html`<span class="quiet">${w("check.missing")}</span>`}
        ${conflict ? html`<db-conflict .form=${this.form} .ask=${conflict}></db-conflict>` : nothing}
      </dd>
      <dd class="act"><a id="edit-${target}" href=${to}>${w("check.edit")}<span class="visually-hidden"> ${nameOf(target)}</span></a></dd>
    </div>`;
  }

  private shown(ask: Ask): string {
    const { values } = this.form;
    const named = showAnswer(
      ask,
      values,
      (code) => this.communes.find((one) => one.code === code)?.name ?? code,
    );
    return showTyped(questionOf(ask, values), named);
  }

  private picture(kind: string): TemplateResult | null {
    const url = this.pictures.get(kind);
    return url
      ? html`<img class="thumb" src=${url} alt=${w("photo.alt_kept", { what: nameOf(`photo:${kind}`) })} />`
      : null;
  }

  private readonly goOn = (): void => {
    this.troubles = this.blocking();
    if (this.troubles.length > 0) return;
    const { dossier, submitted } = this.form.draft;
    navigate(submitted ? `/ho-so/${dossier}` : `/to-khai/${dossier}/${SEND}`);
  };

  /** What two devices answered differently is chosen by the person, not by their clocks. */
  private undecided(): Trouble[] {
    const asked = new Set(way(this.form.values).flatMap(({ asks = [] }) => asks));
    const names = new Set<string>([...asked].map(({ name }) => name));
    return this.form.draft
      .conflicts()
      .filter(({ field }) => names.has(field))
      .map(({ field }) => ({
        field: `edit-${field}`,
        text: m("conflict_first", { what: nameOf(field) }),
      }));
  }

  private blocking(): Trouble[] {
    const { values, draft } = this.form;
    const wrong = problems(values)
      .filter(({ code, field }) => severityOf(code) === "error" && stepFor(field))
      .map(({ code, field, params }) => ({
        field: `edit-${field}`,
        text: explain(code, field, params) ?? t("error.format", { label: nameOf(field) }),
      }));
    const taken = new Set<string>(draft.photos().map(({ kind }) => kind));
    const missing = photosNeeded(values)
      .filter((kind) => !taken.has(kind))
      .map((kind) => ({
        field: `edit-photo:${kind}`,
        text: t("error.required", { label: nameOf(`photo:${kind}`) }),
      }));
    return [...this.undecided(), ...wrong, ...missing];
  }
}

customElements.define("db-check-view", CheckView);
