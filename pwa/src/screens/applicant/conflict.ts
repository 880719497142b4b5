import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { FieldConflict, FieldValues } from "../../drafts/index.ts";
import { showInstant } from "../../i18n/index.ts";
import { current } from "../../vault/index.ts";
import { m } from "../devices/words/index.ts";
import { nameOf } from "../shared/explain.ts";
import { showTyped } from "../shared/kinds.ts";
import { type Commune, loadCommunes } from "../shared/places.ts";
import { type Ask, questionOf, showAnswer } from "./asks.ts";
import type { Form } from "./form.ts";

/** A field that two devices changed without knowing of each other: both values, and one is chosen. */
export class Conflict extends Light {
  static override properties = {
    form: { attribute: false },
    ask: { attribute: false },
    communes: { state: true },
  };

  form!: Form;
  ask!: Ask;
  private communes: readonly Commune[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.form.draft.subscribe(() => this.requestUpdate()));
    if (this.ask.kind !== "commune") return;
    void loadCommunes().then((communes) => {
      this.communes = communes;
    });
  }

  protected override render(): TemplateResult | typeof nothing {
    const conflict = this.form.draft.conflicts().find(({ field }) => field === this.ask.name);
    if (!conflict) return nothing;
    return html`<section class="note must" data-conflict=${this.ask.name}>
      <h3>${m("conflict_title")}</h3>
      <p>${m("conflict_text", { what: nameOf(this.ask.name) })}</p>
      ${conflict.values.map((one) => this.choice(one))}
    </section>`;
  }

  private choice({ device, value, at }: FieldConflict["values"][number]): TemplateResult {
    const here = device === current()?.device;
    const shown = this.shown(value) || m("conflict_empty");
    return html`
      <p class="quiet">${m(here ? "conflict_here" : "conflict_there", { at: showInstant(at) })}</p>
      <p><button class="button second" type="button" data-choose=${here ? "here" : "there"}
        @click=${() => void this.choose(value)}>${m("conflict_choose", { value: shown })}</button></p>`;
  }

  private shown(value: unknown): string {
    const values = { ...this.form.values, [this.ask.name]: value ?? undefined };
    const commune = (code: string): string =>
      this.communes.find((one) => one.code === code)?.name ?? code;
    const named = showAnswer(this.ask, values, commune);
    return showTyped(questionOf(this.ask, values), named);
  }

  private async choose(value: unknown): Promise<void> {
    const chosen = { [this.ask.name]: value ?? undefined } as Partial<FieldValues>;
    await this.form.draft.setAll(chosen);
  }
}

customElements.define("db-conflict", Conflict);
