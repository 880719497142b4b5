import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { showInstant } from "../../i18n/index.ts";
import { intakePoints } from "../shared/places.ts";
import { actionsOf } from "./allowed.ts";
import {
  type Acted,
  type Action,
  type Decision,
  type DeskDossier,
  type Outcome,
  packAddress,
} from "./model.ts";
import "./reject-form.ts";
import "./return-form.ts";
import { type OfficerKey, o } from "./words/index.ts";

const NONE: Omit<Decision, "outcome"> = { items: [], reason: null, law: null, text: null };
const KEYS: Readonly<Record<Outcome, string>> = { approve: "D", return: "B", reject: "T" };
const WHY_NOT: Readonly<Record<string, OfficerKey>> = {
  own_dossier: "why_not.own_dossier",
  helped_dossier: "why_not.helped_dossier",
  not_an_officer: "why_not.not_an_officer",
  at_authority: "why_not.authority",
  already_decided: "why_not.already_decided",
};

/** The decision. Emits `decision` (Decision) and `action` (Acted). */
export class DecidePane extends Light {
  static override properties = {
    dossier: { attribute: false },
    busy: { type: Boolean },
    open: { state: true },
  };

  dossier!: DeskDossier;
  busy = false;
  private open: Outcome | null = null;

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("dossier");
    if (before && before.dossier !== this.dossier.dossier) this.open = null;
  }

  /** Begins an outcome; approving a dossier without errors is done at once. */
  begin(outcome: Outcome): void {
    if (this.busy || !this.dossier.outcomes.includes(outcome)) return;
    if (outcome === "approve" && this.errors === 0) this.decide({ ...NONE, outcome });
    else this.open = outcome;
  }

  close(): void {
    if (!this.open) return;
    this.open = null;
    void this.updateComplete.then(() => this.querySelector<HTMLElement>("[data-outcome]")?.focus());
  }

  private get errors(): number {
    return this.dossier.findings.filter(({ severity }) => severity === "error").length;
  }

  private decide(detail: Decision): void {
    this.open = null;
    this.dispatchEvent(new CustomEvent<Decision>("decision", { detail }));
  }

  protected override render(): TemplateResult {
    if (this.open === "return") {
      return html`<db-return-form .dossier=${this.dossier} @cancel=${this.close}
        @ready=${({ detail }: CustomEvent) => this.decide({ ...NONE, outcome: "return", ...detail })}></db-return-form>`;
    }
    if (this.open === "reject") {
      return html`<db-reject-form .on=${new Date().toISOString().slice(0, 10)} @cancel=${this.close}
        @ready=${({ detail }: CustomEvent) => this.decide({ ...NONE, outcome: "reject", ...detail })}></db-reject-form>`;
    }
    return this.open === "approve" ? this.sure() : this.choices();
  }

  private sure(): TemplateResult {
    return html`<section class="note must" role="alertdialog" aria-labelledby="sure">
      <p id="sure">${o("decide.sure", { count: this.errors })}</p>
      <div class="row">
        <button class="button" type="button" autofocus @click=${() => this.decide({ ...NONE, outcome: "approve" })}>${o("decide.approve_still")}</button>
        <button class="button second" type="button" @click=${this.close}>${o("decide.cancel")}</button>
      </div>
    </section>`;
  }

  private choices(): TemplateResult {
    const outcomes = this.dossier.outcomes;
    return html`
      ${this.whyNot(outcomes)}
      <div class="outcomes">
        ${outcomes.map(
          (
            outcome,
          ) => html`<button type="button" class="button ${outcome === "approve" ? "" : "second"}"
            data-outcome=${outcome} ?disabled=${this.busy} @click=${() => this.begin(outcome)}>
            ${o(`decide.${outcome}`)} <kbd>${KEYS[outcome]}</kbd></button>`,
        )}
      </div>
      ${this.others()}`;
  }

  private whyNot(outcomes: readonly Outcome[]): TemplateResult | typeof nothing {
    const { pending, may_decide, why_not } = this.dossier;
    if (pending) {
      const words = { outcome: o(`outcome.${pending.outcome}`), at: showInstant(pending.until) };
      return html`<p class="note wait">${o("decide.pending", words)}</p>`;
    }
    if (may_decide && outcomes.includes("approve")) return nothing;
    return html`<p class="note wait">${o(WHY_NOT[why_not ?? ""] ?? "why_not.not_open")}</p>`;
  }

  private act(action: Action): void {
    const point = this.querySelector<HTMLSelectElement>("[data-point]")?.value;
    const detail = action === "pick_up" && point ? { action, point } : { action };
    this.dispatchEvent(new CustomEvent<Acted>("action", { detail }));
  }

  private points(): TemplateResult {
    return html`<select class="input" data-point aria-label=${o("action.pick_up")}>${intakePoints().map(
      ({ id, name }) => html`<option value=${id}>${name}</option>`,
    )}</select>`;
  }

  private others(): TemplateResult {
    return html`<div class="row">
      ${actionsOf(this.dossier).map(
        (
          action,
        ) => html`<button type="button" class="tool" data-action=${action} ?disabled=${this.busy}
          @click=${() => this.act(action)}>${o(`action.${action}`)}</button>${action === "pick_up" ? this.points() : nothing}`,
      )}
      <a class="tool" href=${packAddress(this.dossier.dossier)} download data-pack>${o("action.pack")}</a>
    </div>`;
  }
}

customElements.define("db-decide", DecidePane);
