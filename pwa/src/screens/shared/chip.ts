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

const STAGE_TONES: Readonly<Record<string, Tone>> = {
  rejected: "must",
  waiting: "wait",
  parked: "wait",
  withdrawn: "",
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

/** After acceptance the stage stands in the state's place; null before. */
function stageChip({ group, code }: DossierRow, wait: StatusDetail["wait"]): TemplateResult | null {
  if (group === "handed_over")
    return html`<span class="chip wait" data-stage=${code}>${t(code === "lent" ? "stage.lent" : "stage.handed_over")}</span>`;
  if (code === "erased") return html`<span class="chip">${t("stage.erased")}</span>`;
  const stage = group === "accepted" || group === "closed" ? stageWords(code, wait) : null;
  if (!stage) return null;
  return html`<span class="chip ${STAGE_TONES[code ?? ""] ?? "done"}" data-stage=${code}>${stage}</span>`;
}

/** `wait`: what is awaited, where the vault is open and the page knows it. */
export const rowChip = (row: DossierRow, wait: StatusDetail["wait"] = null): TemplateResult =>
  row.arriving
    ? html`<span class="chip wait">${t("stage.arriving")}</span>`
    : (stageChip(row, wait) ?? sendingChip(row.sending));
