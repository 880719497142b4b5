import states from "@dossier/data/states.json";
import { html, type TemplateResult } from "lit";
import type { DossierRow, SendingState, StatusDetail } from "../../drafts/index.ts";
import { inLanguage, t } from "../../i18n/index.ts";

type Tone = "" | "wait" | "must" | "done";
type Pair = { vi: string; en: string };
interface StateWords {
  words: Pair;
  words_wait?: Record<string, Pair>;
  words_parcel?: Record<string, Pair>;
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

/** What is awaited and where the card is, as far as the page knows. */
interface Known {
  readonly wait: StatusDetail["wait"];
  readonly consignment: { readonly state: string } | null;
}

/** The stage's plain words, from the states' own table; null for a code that is no state. */
export function stageWords(code: string | null, known: Known | null = null): string | null {
  const state = code ? STATES[code] : undefined;
  if (!state) return null;
  const waits = state.words_wait?.[known?.wait?.what ?? ""];
  return inLanguage(waits ?? state.words_parcel?.[known?.consignment?.state ?? ""] ?? state.words);
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
function stageChip({ group, code }: DossierRow, known: Known | null): TemplateResult | null {
  if (group === "handed_over")
    return html`<span class="chip wait" data-stage=${code}>${t(code === "lent" ? "stage.lent" : "stage.handed_over")}</span>`;
  if (code === "erased") return html`<span class="chip">${t("stage.erased")}</span>`;
  const stage = group === "accepted" || group === "closed" ? stageWords(code, known) : null;
  if (!stage) return null;
  return html`<span class="chip ${STAGE_TONES[code ?? ""] ?? "done"}" data-stage=${code}>${stage}</span>`;
}

/** `known`: where the vault is open. */
export const rowChip = (row: DossierRow, known: Known | null = null): TemplateResult =>
  row.arriving
    ? html`<span class="chip wait">${t("stage.arriving")}</span>`
    : (stageChip(row, known) ?? sendingChip(row.sending));
