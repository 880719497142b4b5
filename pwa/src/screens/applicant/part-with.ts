import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Draft, Wish } from "../../drafts/index.ts";
import { whyUnsaved } from "./form.ts";
import { w } from "./words/index.ts";

type Parting = Exclude<Wish, "keep" | "read_photos">;
const PARTINGS: readonly Parting[] = ["withdraw_consent", "withdraw", "erase"];
const REFUSALS = ["too_late", "at_authority"] as const;

/** Withdraw or erase: asked twice, said in words, possible without a network. */
export class PartWith extends Light {
  static override properties = {
    draft: { attribute: false },
    chosen: { state: true },
    asked: { state: true },
    problem: { state: true },
  };

  draft!: Draft;
  private chosen: Parting | null = null;
  private asked: Parting | null = null;
  private problem: string | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const status = this.draft.status();
    if (!this.draft.submitted || status?.group === "erased") return nothing;
    const ended = status?.group === "closed";
    const refusal = REFUSALS.find((code) => code === this.draft.unfulfilled());
    return html`<details class="why" data-part-with>
      <summary>${w("parting.title")}</summary>
      <div>
      ${refusal && !ended ? html`<p class="note must">${w(`parting.${refusal}`)}</p>` : nothing}
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.asked ? html`<p class="note wait" role="status" data-asked>${w(`parting.${this.asked}_asked`)}</p>` : this.choice(ended)}
      </div>
    </details>`;
  }

  private choice(ended: boolean): TemplateResult {
    const { chosen } = this;
    if (chosen)
      return html`<p>${w(`parting.${chosen}_sure`)}</p>
        <button class="button" type="button" data-sure @click=${() => void this.ask(chosen)}>${w(`parting.${chosen}`)}</button>
        <button class="button second" type="button" @click=${() => this.choose(null)}>${w("parting.no")}</button>`;
    return html`${PARTINGS.filter((kind) => kind !== "withdraw" || !ended).map(
      (kind) => html`<p>${w(`parting.${kind}_text`)}</p>
        <button class="button second" type="button" data-wish=${kind} @click=${() => this.choose(kind)}>${w(`parting.${kind}`)}</button>`,
    )}`;
  }

  private choose(kind: Parting | null): void {
    this.chosen = kind;
  }

  private async ask(kind: Parting): Promise<void> {
    this.problem = null;
    try {
      await this.draft.wish(kind, kind === "withdraw_consent" ? { purpose: "notices" } : {});
      this.asked = kind;
    } catch (cause) {
      this.problem = whyUnsaved(cause);
    }
  }
}

customElements.define("db-part-with", PartWith);
