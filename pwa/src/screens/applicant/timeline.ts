import { html, nothing, type TemplateResult } from "lit";
import type { SendingState, StatusDetail } from "../../drafts/index.ts";
import { showInstant } from "../../i18n/index.ts";
import { arrived, stageWords } from "../shared/chip.ts";
import { type WordKey, w } from "./words/index.ts";

/** The way a dossier goes when nothing holds it up; each stop with the states that stand at it. */
const WAY: readonly { word: WordKey; states: readonly string[] }[] = [
  { word: "way.received", states: ["received"] },
  {
    word: "way.examined",
    states: ["validated", "waiting", "forwarded", "returned", "rejected", "withdrawn"],
  },
  { word: "way.approved", states: ["approved"] },
  { word: "way.produced", states: ["produced"] },
  { word: "way.dispatched", states: ["dispatched"] },
  { word: "way.delivered", states: ["delivered"] },
];

interface Stop {
  readonly word: string;
  readonly at: string | null;
  readonly when: "past" | "present" | "future";
  readonly open: string | null;
}

/** What a person of the office looks at stays where it was: a card that came back, at the post. */
function standsAt({ state, timeline: past }: StatusDetail): string {
  if (state !== "parked") return state;
  return past.findLast((line) => line.state !== "parked")?.state ?? "validated";
}

/** Where the way ends before its last stop. */
const ENDED: readonly string[] = ["rejected", "withdrawn"];

/** A vertical line of stops: what is done with its time, the present one open, the rest ahead. */
export function timeline(
  submittedAt: string | null,
  sending: SendingState,
  detail: StatusDetail | null,
): TemplateResult {
  const stands = detail && standsAt(detail);
  const here = WAY.findIndex(({ states }) => stands && states.includes(stands));
  const fetched = detail?.consignment?.state === "pick_up";
  const sent = arrived(sending) || here >= 0;
  const stops: Stop[] = [
    { word: w("way.written"), at: submittedAt, when: submittedAt ? "past" : "present", open: null },
    {
      word: w("way.sent"),
      at: null,
      when: sent ? "past" : submittedAt ? "present" : "future",
      open: null,
    },
    ...WAY.map(({ word, states }, i): Stop => {
      const at = detail?.timeline.find(({ state }) => states.includes(state))?.at ?? null;
      const last = i === here && detail?.state === "delivered";
      const when = i < here || last ? "past" : i === here ? "present" : "future";
      return {
        word: w(word),
        at,
        when,
        open: i === here ? stageWords(detail?.state ?? null, detail) : null,
      };
    }),
  ];
  const ended = ENDED.includes(detail?.state ?? "");
  const shown = stops.filter(
    ({ when, word }) => when !== "future" || !(ended || (fetched && word === w("way.dispatched"))),
  );
  return html`<ol class="timeline">
    ${shown.map(
      ({
        word,
        at,
        when,
        open,
      }) => html`<li class=${when} aria-current=${when === "present" ? "step" : nothing}>
        <strong>${word}</strong>
        ${open && open !== word ? html`<p>${open}</p>` : nothing}
        ${at && when !== "future" ? html`<p class="quiet small">${showInstant(at)}</p>` : nothing}
      </li>`,
    )}
  </ol>`;
}
