import states from "@dossier/data/states.json";
import { html, type TemplateResult } from "lit";
import type { DossierRow, SendingState, StatusDetail } from "../../drafts/index.ts";
import { inLanguage, t } from "../../i18n/index.ts";

type Tone = "" | "wait" | "must" | "done";
type Pair = { vi: string; en: string };
interface StateWords {
  words: Pair;
  words_wait?: Record<string, Pair>;
}

const STATES = states.states as Readonly<Record<string, StateWords>>;
const TONES: Readonly<Record<SendingState["state"], Tone>> = {
  unsent: "",
  waiting_network: "wait",
  sending: "wait",
  sent: "done",
  action_needed: "must",
  accepted: "done",
  sign_in: "must",
  refused: "must",
};

/** The stage's plain words, from the states' own table; null for a code that is no state. */
export function stageWords(code: string | null, wait: StatusDetail["wait"] = null): string | null {
  const state = code ? STATES[code] : undefined;
  if (!state) return null;
  return inLanguage((wait && state.words_wait?.[wait.what]) || state.words);
}

/** The server said that it has everything. */
export const arrived = ({ state }: SendingState): boolean =>
  state === "sent" || state === "accepted";

/** One of the six sending states, in exactly these words, or what else holds it up. */
export const sendingWords = ({ state, sent, total }: SendingState): string =>
  t(`state.${state}`, { sent, total });

export const sendingChip = (sending: SendingState): TemplateResult =>
  html`<span class="chip ${TONES[sending.state]}" data-sending=${sending.state}>${sendingWords(sending)}</span>`;

/** After acceptance the stage stands in the state's place. */
export function rowChip(row: DossierRow): TemplateResult {
  if (row.code === "erased") return html`<span class="chip">${t("stage.erased")}</span>`;
  const stage = row.group === "accepted" || row.group === "closed" ? stageWords(row.code) : null;
  if (!stage) return sendingChip(row.sending);
  const tone: Tone = row.code === "rejected" ? "must" : row.code === "waiting" ? "wait" : "done";
  return html`<span class="chip ${tone}" data-stage=${row.code}>${stage}</span>`;
}
