import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { inLanguage, showInstant, t } from "../../i18n/index.ts";
import { ApiError, api } from "../../identity/index.ts";
import { stageWords } from "../shared/chip.ts";
import "../shared/field.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { w } from "./words/index.ts";

interface Found {
  group: string;
  code: string;
  updated_at: string;
}

const SLIP = /^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/;
const tidySlip = (typed: string): string => typed.replace(/[\s-]/g, "").toUpperCase();

/** Without an account: slip code and birth date give the state, and no more. */
export class FollowPage extends Page {
  static override properties = {
    ...Page.properties,
    answers: { state: true },
    troubles: { state: true },
    found: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  private answers: Readonly<Record<string, string | undefined>> = {};
  private troubles: readonly Trouble[] = [];
  private found: Found | null = null;
  private problem: string | null = null;
  private busy = false;

  /** A slip's QR code carries the slip code behind the "#", which is never sent to the server. */
  protected override async load(): Promise<void> {
    const slip = tidySlip(location.hash.slice(1));
    if (SLIP.test(slip)) this.answers = { slip };
  }

  protected override content(): TemplateResult {
    const slip = {
      name: "slip",
      kind: "text" as const,
      label: w("follow.slip"),
      hint: w("follow.slip_hint"),
      normalise: tidySlip,
    };
    const birth = {
      name: "birth",
      kind: "birth" as const,
      label: w("follow.birth"),
      hint: t("field.birth_hint"),
    };
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <h1>${w("follow.title")}</h1>
      <p>${w("follow.text")}</p>
      <form class="fill" @submit=${this.submit} @answer=${this.onAnswer} novalidate autocomplete="off">
        <db-field .question=${slip} .value=${this.answers.slip} .problem=${this.problemOf("slip")} shared></db-field>
        <db-field .question=${birth} .value=${this.answers.birth} .problem=${this.problemOf("birth")} shared></db-field>
        <div role="status">${this.result()}</div>
        <div class="foot">
          <button class="button" data-next ?disabled=${this.busy}>${w("follow.button")}</button>
        </div>
      </form>`;
  }

  private result(): TemplateResult | typeof nothing {
    if (this.problem) return html`<p class="note must">${this.problem}</p>`;
    if (!this.found) return nothing;
    const { code, group, updated_at } = this.found;
    const state =
      stageWords(code) ??
      t(
        group === "erased"
          ? "stage.erased"
          : group === "accepted" || group === "closed"
            ? "state.accepted"
            : "state.action_needed",
      );
    const tone = group === "action_needed" ? "must" : group === "closed" ? "" : "done";
    return html`<div class="note ${tone}">
      <p><strong data-state=${code}>${w("follow.state", { state })}</strong></p>
      <p>${w("follow.as_of", { at: showInstant(updated_at) })}</p>
      <p>${w(group === "action_needed" ? "follow.correct" : "follow.only")}</p>
    </div>`;
  }

  private problemOf(name: string): string | null {
    return this.troubles.find(({ field }) => field === name)?.text ?? null;
  }

  private readonly onAnswer = ({ detail: { name, value } }: CustomEvent<Answered>): void => {
    this.answers = { ...this.answers, [name]: value as string | undefined };
  };

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { slip = "", birth = "" } = this.answers;
    this.troubles = [
      ...(SLIP.test(slip) ? [] : [{ field: "slip", text: w("follow.slip_bad") }]),
      ...(/^[0-9]{4}(-[0-9]{2}-[0-9]{2})?$/.test(birth)
        ? []
        : [{ field: "birth", text: t("error.date", { label: w("follow.birth") }) }]),
    ];
    if (this.troubles.length > 0) return;
    this.busy = true;
    this.found = null;
    this.problem = null;
    try {
      this.found = await api<Found>("/follow", {
        method: "POST",
        json: { slip, date_of_birth: birth },
      });
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      this.problem = explain(cause);
    } finally {
      this.busy = false;
    }
  };
}

function explain(cause: ApiError): string {
  if (cause.code === "offline") return t("error.offline");
  return cause.status === 404 ? w("follow.not_found") : inLanguage(cause.text);
}

customElements.define("db-follow", FollowPage);
