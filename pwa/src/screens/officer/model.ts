/** What the desk reads from `/api/desk`, and what it sends back. */
import type { Fee } from "../../drafts/types.ts";
import { api } from "../../identity/index.ts";
import type { Read } from "./viewport.ts";

export type Wait = {
  what: "certificate" | "authority" | "payment";
  since: string;
  next_try: string | null;
};

/** An outside system that is awaited; `next_try` null where a person has to say so. */
export interface Awaited {
  readonly what:
    | "certificate"
    | "authority"
    | "payment"
    | "gateway"
    | "refund"
    | "post"
    | "portal"
    | "notify"
    | "job";
  readonly since: string;
  readonly next_try: string | null;
  readonly tries: number;
  /** What was said last. */
  readonly reason: string | null;
}

export interface QueueItem {
  readonly dossier: string;
  readonly dossier_code: string;
  readonly name: string | null;
  readonly procedure: string;
  readonly licence_class: string | null;
  readonly state: string;
  readonly filed_at: string;
  readonly due_on: string | null;
  readonly overdue: boolean;
  readonly findings: { readonly error: number; readonly warning: number };
  readonly channel: string;
  readonly wait: Wait | null;
  readonly waits: readonly Awaited[];
}

export interface Queue {
  readonly items: readonly QueueItem[];
  /** How many wait for an outside system: the list of the state `awaiting`. */
  readonly awaiting: number;
  /** How many dossiers there are in each state. */
  readonly counts: Readonly<Record<string, number>>;
  /** Where the next page begins; null on the last. */
  readonly cursor: string | null;
}

export interface Finding {
  readonly code: string;
  readonly field: string;
  readonly severity: "error" | "warning" | "notice";
  readonly params: Readonly<Record<string, unknown>>;
}

export type Result = "same" | "writing" | "differs";

/** One answer beside what the QR code, the print and a registry say of it; null: not read. */
export interface Compared {
  readonly field: string;
  readonly typed: unknown;
  readonly qr: string | null;
  readonly print: string | null;
  readonly registry: string | null;
  readonly result: Result | null;
  /** Where it stands on a photo, if it was read there. */
  readonly crop: Crop | null;
}

export interface Crop {
  readonly photo: string;
  readonly box: Read;
}

export interface DeskPhoto {
  readonly id: string;
  readonly kind: string;
  readonly width: number;
  readonly height: number;
}

/** `detail` of a state change has `from` and `to`. */
export interface JournalLine {
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface Forwarding {
  readonly state: string;
  readonly since: string;
  readonly tries: number;
  readonly retry_at: string | null;
  readonly reason: string | null;
}

export type Outcome = "approve" | "return" | "reject";

export interface DeskDossier {
  readonly dossier: string;
  readonly dossier_code: string;
  readonly state: string;
  readonly version: number;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly findings: readonly Finding[];
  readonly comparison: readonly Compared[];
  readonly photos: readonly DeskPhoto[];
  readonly channel: string;
  /** `none`, `clerk_checked` (a clerk saw the ID card) or `vneid`. */
  readonly assurance: string;
  readonly filed_at: string;
  readonly timeline: readonly JournalLine[];
  readonly fee: Fee | null;
  readonly promised_on: string | null;
  readonly wait: Wait | null;
  readonly waits: readonly Awaited[];
  readonly forwarding: Forwarding | null;
  readonly consignment: {
    readonly number: string | null;
    readonly state: string;
    readonly point: string | null;
  } | null;
  /** Jobs that gave up, with what they said last. */
  readonly problems: readonly { readonly job: string; readonly error: string | null }[];
  /** A decision that can still be undone. */
  readonly pending: {
    readonly outcome: Outcome;
    readonly until: string;
    readonly by: string;
  } | null;
  readonly decider: "desk" | "authority";
  readonly may_decide: boolean;
  readonly why_not: string | null;
  /** What this officer may decide now. */
  readonly outcomes: readonly Outcome[];
}

/** `reason`: key of reasons.json, or "own" where only `text` says why. */
export interface ReturnItem {
  readonly target: string;
  readonly reason: string;
  readonly text: string;
}

export interface Decision {
  readonly outcome: Outcome;
  readonly items: readonly ReturnItem[];
  readonly reason: string | null;
  readonly law: string | null;
  readonly text: string | null;
}

export type Action = "try_now" | "park" | "resume" | "collect" | "pick_up";

/** `point`: of `pick_up`, where the card is kept. */
export interface Acted {
  readonly action: Action;
  readonly point?: string;
}

export interface Wanted {
  readonly q: string;
  readonly state: string;
  readonly cursor?: string;
}

export function fetchQueue({ q, state, cursor }: Wanted, signal?: AbortSignal): Promise<Queue> {
  const query = new URLSearchParams();
  if (q) query.set("q", q);
  if (state) query.set("state", state);
  if (cursor) query.set("cursor", cursor);
  return api<Queue>(`/desk/queue?${query}`, { signal });
}

const at = (dossier: string, rest = ""): string => `/desk/dossiers/${dossier}${rest}`;

export const fetchDossier = (dossier: string, signal?: AbortSignal): Promise<DeskDossier> =>
  api<DeskDossier>(at(dossier), { signal });

/** The decision leaves at `until`; before that it can be undone. @throws ApiError already_decided, stale */
export const decide = (
  dossier: string,
  version: number,
  decision: Decision,
): Promise<{ until: string }> =>
  api<{ until: string }>(at(dossier, "/decision"), {
    method: "POST",
    json: { ...decision, version },
  });

/** @throws ApiError too_late */
export const undo = (dossier: string): Promise<void> =>
  api<void>(at(dossier, "/decision"), { method: "DELETE" });

export const act = (dossier: string, acted: Acted): Promise<void> =>
  api<void>(at(dossier, "/actions"), { method: "POST", json: acted });

export const photoAddress = (dossier: string, photo: string): string =>
  `/api${at(dossier, `/photos/${photo}`)}`;
export const packAddress = (dossier: string): string => `/api${at(dossier, "/pack")}`;
