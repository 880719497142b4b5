/** The dated rules of server/dossier, from the same JSON data and the same vectors. */
import type { Answers } from "./submission.ts";

export type { Answers } from "./submission.ts";

/** Why a field's value is not good; `code` is a message key. */
export interface Problem {
  field: keyof Answers;
  code: string;
  params: Record<string, string | number>;
}

/** Where a case goes that cannot be filed online. */
export interface Triage {
  online: boolean;
  /** Message key of the kind answer, e.g. `lost`, `foreign`, `military`, `revoked`; null when online. */
  reason: string | null;
}

export declare function today(): string;
export declare function triage(answers: Partial<Answers>): Triage;
/** Licence classes a person may hold, by the regime the card was issued under. */
export declare function classesHeld(regime: "2008" | "2025"): readonly string[];
/** Classes of today's law that a held class is exchanged for; the first is the default. */
export declare function exchangeTargets(regime: "2008" | "2025", held: string): readonly string[];
export declare function certificateNeeded(answers: Partial<Answers>, on?: string): boolean;
/** Format check of one field, null when good. */
export declare function check<N extends keyof Answers>(field: N, value: Answers[N], on?: string): Problem | null;
/** Everything that stops submitting: required, formats, agreement between fields. */
export declare function problems(answers: Partial<Answers>, on?: string): Problem[];
/** Photos this dossier needs. */
export declare function photosNeeded(answers: Partial<Answers>, on?: string): readonly string[];
/** Fee in đồng for the chosen way, by filing date. */
export declare function fee(answers: Partial<Answers>, on?: string): number;
/** Upper case, NFC, no separators etc.: the form in which the field is stored. */
export declare function normalise<N extends keyof Answers>(field: N, typed: string): string;
