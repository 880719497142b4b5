/** What the server says about a dossier, and what it lets a person change. */
import { openJson, SealError } from "../seal/index.ts";
import type { ClearStatus, DossierRecord } from "../store/records.ts";
import { groupOf, missingPhotos } from "./sending.ts";
import type { Booking, Correction, Recovery, StatusDetail, StatusView, Told } from "./types.ts";

/** What may change in a correction besides what was marked. */
const ALONGSIDE = /^(?:ui\.|consent\.|reading\.|declared_at$|language$)/;

/** The sealed part of a status; null when there is none or it was not sealed for this dossier. */
export async function openStatus(
  key: CryptoKey,
  dossier: string,
  status: ClearStatus,
): Promise<StatusDetail | null> {
  if (!status.sealed) return null;
  try {
    return (await openJson(key, `status:${dossier}`, "status/1", status.sealed)) as StatusDetail;
  } catch (error) {
    if (!(error instanceof SealError || error instanceof SyntaxError)) throw error;
    console.warn("the status does not open", dossier);
    return null;
  }
}

/** `detail`: the opened part and the counter of the status it came with. */
export function viewOf(
  record: DossierRecord,
  detail: { counter: number; opened: StatusDetail | null } | null,
): StatusView | null {
  const group = groupOf(record.status);
  if (!record.status || !group) return null;
  const { code, counter } = record.status;
  const opened = detail?.counter === counter ? detail.opened : null;
  return { group, code, counter, missing: missingPhotos(record), detail: opened };
}

/** What the officer marked, unless submission `n` of this device answers it already. */
export function correctionOf(status: StatusView | null, n: number): Correction | null {
  const asked = status?.detail?.correction ?? null;
  if (status?.group !== "action_needed" || !asked) return null;
  return asked.n > n ? asked : null;
}

/** A clerk's code for somebody who says they lost this device, while it may be used. */
export function recoveryOf({ status }: DossierRecord, now = Date.now()): Recovery | null {
  const claim = status?.claim;
  if (claim?.kind !== "recover" || Date.parse(claim.expires_at) < now) return null;
  return { goodFrom: claim.good_from ?? claim.expires_at };
}

/** What was asked of a point, and what was said to it. */
export function bookingOf<T extends keyof Told>(
  { booked, status }: DossierRecord,
  topic: T,
  told: Told[T] | null,
): Booking<T> {
  const asked = booked?.[topic];
  const heard = told?.answer.request === asked || (asked && status?.refused[asked]);
  return { pending: asked !== undefined && !heard, told };
}

/** Why a wish or a code that was asked for was not granted. */
export function unfulfilledOf({ status }: DossierRecord): string | null {
  const refused = Object.entries(status?.refused ?? {});
  return refused.find(([id]) => id.startsWith("request:"))?.[1] ?? null;
}

/** What is said of the whole dossier names no answer, so that every one may be changed. */
export const WHOLE = "submission";

export const allows = ({ items }: Correction, target: string): boolean =>
  ALONGSIDE.test(target) || items.some((item) => item.target === target || item.target === WHOLE);
