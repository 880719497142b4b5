import "../../styles/handover.css";
import { html, type TemplateResult } from "lit";
import type { Away, Draft } from "../../drafts/index.ts";
import { showDate, showInstant } from "../../i18n/index.ts";
import { nameOf } from "../shared/explain.ts";
import { h } from "./words/index.ts";

/** Answers that say something to a person; codes of places and choices are left to the form. */
const SHOWN = [
  "full_name",
  "date_of_birth",
  "identity_number",
  "licence_number",
  "licence_class",
  "requested_class",
  "phone",
] as const;

/** A dossier that is with somebody else, to be read only: who has it, until when, what it holds. */
export function awayView(draft: Draft, away: Away): TemplateResult {
  const values = draft.values();
  const answered = SHOWN.filter((name) => values[name] !== undefined);
  const until = away.until ? showInstant(away.until) : "";
  return html`
    <h1>${h("away.title")}</h1>
    <p class="note wait" role="status" data-away=${away.lent ? "lent" : "handed_over"}>
      ${away.lent ? h("away.lent", { until }) : h("away.handed_over")}
    </p>
    <h2>${h("away.answers")}</h2>
    <dl class="pairs">
      ${answered.map((name) => html`<div><dt>${nameOf(name)}</dt><dd>${showDate(String(values[name]))}</dd></div>`)}
    </dl>
    <h2>${h("away.photos")}</h2>
    <ul class="plainlist">${draft.photos().map(({ kind }) => html`<li>${nameOf(`photo:${kind}`)}</li>`)}</ul>`;
}
