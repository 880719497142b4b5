/** The dated rules of server/dossier, from the same JSON data and the same vectors. */
import fees from "@dossier/data/fees.json";
import {
  answerProblems,
  dateProblem,
  neededPhotos,
  needsCertificate,
  type Problem,
  shapeProblem,
} from "./checks.ts";
import { classesOf, exchangeChoices, type Regime } from "./classes.ts";
import * as formats from "./formats.ts";
import type { Answers } from "./submission.ts";
import { covers, today } from "./tables.ts";
import { triageOutcome } from "./triage.ts";

export { certificateValidity, type Validity } from "./certificate.ts";
export type { Problem } from "./checks.ts";
export { coversClass } from "./classes.ts";
export { slip as normaliseSlip } from "./formats.ts";
export type { Answers } from "./submission.ts";
export { addSpan, inForce, today } from "./tables.ts";
export { expiryState } from "./triage.ts";

/** Where a case goes that cannot be filed online. */
export interface Triage {
  online: boolean;
  /** Key of data/triage.json's outcomes, e.g. `lost`, `military`; null when online. */
  reason: string | null;
}

export function triage(answers: Partial<Answers>, on = today()): Triage {
  const { key, fileOnline } = triageOutcome(own(answers), on);
  return { online: fileOnline, reason: fileOnline ? null : key };
}

/** Codes of the classes a card of that regime may show. */
export const classesHeld = (regime: Regime): readonly string[] =>
  classesOf(regime).map(({ code }) => code);

/** Classes of the filing date's law that a held class becomes; the first is proposed. */
export const exchangeTargets = (regime: Regime, held: string, on = today()): readonly string[] =>
  exchangeChoices(regime, held, on).map(({ code }) => code);

export const certificateNeeded = (answers: Partial<Answers>): boolean => needsCertificate(answers);

/** Shape and date of one answer; null when good. */
export function check<N extends keyof Answers>(
  field: N,
  value: Answers[N],
  on = today(),
): Problem | null {
  return shapeProblem(field, value) ?? dateProblem(field, value, on);
}

/** Everything found in the answers, also what is only a warning (see data/messages.json). */
export const problems = (answers: Partial<Answers>, on = today()): Problem[] =>
  answerProblems(own(answers), on);

/** Kinds of the photos this dossier needs. */
export const photosNeeded = (answers: Partial<Answers>): readonly string[] =>
  neededPhotos(own(answers));

function amountOf(
  id: string | undefined,
  on: string,
  channel: "online" | "counter",
): number | null {
  const row = fees.fees.find(
    (one) => one.id === id && [channel, "any"].includes(one.channel) && covers(one, on),
  );
  return row?.amount ?? null;
}

/** State fee in đồng for filing online on a day; null where the table has none. */
export function feeOn(procedure: string, on: string, channel: "online" | "counter"): number | null {
  const [name] = (fees.uses as Record<string, string[] | undefined>)[procedure] ?? [];
  return amountOf(name, on, channel);
}

/** @throws RangeError when the tables have no fee for the day */
export function fee(answers: Partial<Answers>, on = today()): number {
  const amount = feeOn(answers.procedure ?? "doi", on, "online");
  if (amount === null) throw new RangeError(`no fee on ${on}`);
  return amount;
}

/** What is paid at the counter for a case that is not filed online: the tests, then the licence. */
export function counterFees(
  answers: Partial<Answers>,
  on = today(),
): { name: { vi: string; en: string }; amount: number }[] {
  const { expiry } = triageOutcome(own(answers), on);
  const { motorcycle_classes, motorcycle, car, names } = fees.tests;
  const tests = motorcycle_classes.includes(answers.licence_class ?? "") ? motorcycle : car;
  const due = [...(expiry.test ? tests[expiry.test] : []), "issue"];
  return due.flatMap((id) => {
    const amount = amountOf(id, on, "counter");
    return amount === null ? [] : [{ name: names[id as keyof typeof names], amount }];
  });
}

const NORMAL: Partial<Record<keyof Answers, (text: string) => string | null>> = {
  licence_number: formats.licenceNumber,
  licence_serial: formats.licenceSerial,
  other_licence_number: formats.licenceNumber,
  identity_number: formats.identityNumber,
  certificate_number: formats.certificateNumber,
  phone: formats.phone,
};

/** The form in which a field is stored; what has no such form comes back in NFC, trimmed. */
export function normalise(field: keyof Answers, typed: string): string {
  const text = typed.normalize("NFC").trim();
  return NORMAL[field]?.(text) ?? text;
}

/** Answers only: a draft's values also hold readings, consents and the pages' own choices. */
function own(values: Partial<Answers>): Partial<Answers> {
  const entries = Object.entries(values).filter(
    ([name, value]) => !name.includes(".") && !DRAFT_ONLY.has(name) && value !== undefined,
  );
  return Object.fromEntries(entries) as Partial<Answers>;
}

const DRAFT_ONLY = new Set(["declared_at", "language", "helper"]);
