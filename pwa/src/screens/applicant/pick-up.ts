import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Draft } from "../../drafts/index.ts";
import { t } from "../../i18n/index.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import { intakePoints } from "../shared/places.ts";
import { whyUnsaved } from "./form.ts";
import { w } from "./words/index.ts";

const REFUSED = ["on_its_way", "too_late", "lent"] as const;

/** The card is fetched at a point instead: wished without a network, also when the post failed. */
export class PickUp extends Light {
  static override properties = {
    draft: { attribute: false },
    told: { attribute: false },
    point: { state: true },
    problem: { state: true },
  };
  draft!: Draft;
  /** The status as of now: what is drawn follows it. */
  told: unknown = null;
  private point = "";
  private problem: string | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const status = this.draft.status();
    const detail = status?.detail;
    const byPost = this.draft.values().delivery_method === "post" || Boolean(detail?.consignment);
    if (!detail || status.group === "closed" || !byPost) return nothing;
    const { pending, told } = this.draft.booking("pick_up");
    const kept = detail.consignment?.state === "pick_up" ? detail.consignment.point : null;
    const refusal = pending || kept ? null : REFUSED.find((code) => code === told?.answer.code);
    return html`<details class="why" data-pick-up ?open=${undelivered(detail.consignment) || kept !== null || pending}>
      <summary>${w("pickup.title")}</summary>
      <div>
        ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
        ${pending ? html`<p class="note wait" role="status" data-pending>${w("queue.pending")}</p>` : nothing}
        ${kept ? html`<p class="note done" role="status" data-kept-at=${kept}>${w("pickup.kept", { point: nameOf(kept) })}</p>` : nothing}
        ${refusal ? html`<p class="note must" role="status">${w(`pickup.${refusal}`)}</p>` : nothing}
        ${pending ? nothing : this.choice()}
      </div>
    </details>`;
  }

  private choice(): TemplateResult {
    const options = intakePoints().map(({ id, name }) => ({ value: id, label: name }));
    const question = { name: "pick-up", kind: "select", label: w("queue.point"), options } as const;
    return html`<p>${w("pickup.text")}</p>
      <db-field .question=${question} .value=${this.point} shared @answer=${({
        detail,
      }: CustomEvent<Answered>) => {
        this.point = String(detail.value ?? "");
      }}></db-field>
      <button class="button second" type="button" data-ask @click=${() => void this.ask()}>${w("pickup.ask")}</button>`;
  }

  private async ask(): Promise<void> {
    this.problem = this.point ? null : t("error.choose", { label: w("queue.point") });
    if (!this.point) return;
    try {
      await this.draft.askPoint("pick_up", "pick_up", { point: this.point });
      this.requestUpdate();
    } catch (cause) {
      this.problem = whyUnsaved(cause);
    }
  }
}

/** The post could not hand the card over. */
export const undelivered = (item: { state: string } | null | undefined): boolean =>
  item?.state === "failed" || item?.state === "returned";

const nameOf = (point: string): string =>
  intakePoints().find(({ id }) => id === point)?.name ?? point;

customElements.define("db-pick-up", PickUp);
