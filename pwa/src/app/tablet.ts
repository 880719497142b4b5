import { type Draft, list } from "../drafts/index.ts";
import { current } from "../vault/index.ts";
import type { Place } from "./router.ts";

/** The page of a clerk's tablet between two people. */
export const TABLET = "/nhan-vien";
const SEND = "gui";
const DONE = "da-ghi";

/** A clerk's vault is open: the applicant's pages are shown on a tablet. */
export const helping = (): boolean => current()?.mode === "clerk";

/** The dossier that was found unsent last: going through its pages asks no store. */
let unsent: string | null = null;

/**
 * On a tablet what was sent is gone: neither its address nor the back button brings it again. The
 * page with the slip stays until the server's receipt wipes the dossier.
 */
export function stillHere(place: Place | null): boolean | Promise<boolean> {
  const dossier = place?.params.dossier;
  if (!helping() || !dossier) return true;
  const done = place.params.step === DONE;
  return (dossier === unsent && !done) || lookUp(dossier, done);
}

async function lookUp(dossier: string, done: boolean): Promise<boolean> {
  const row = (await list()).find((one) => one.dossier === dossier);
  unsent = row?.readable && !row.submittedAt ? dossier : null;
  return Boolean(unsent || (row?.readable && (done || row.group === "action_needed")));
}

/**
 * The page that must come before `step`: the applicant confirms right before sending, and whatever
 * is looked at again afterwards is confirmed again.
 */
export async function confirmFirst(draft: Draft, step: string): Promise<string | null> {
  if (!helping() || draft.submitted) return null;
  const confirmed = draft.values().helper !== undefined;
  if (step === SEND) return confirmed ? null : `${TABLET}/xac-nhan/${draft.dossier}`;
  if (confirmed) await draft.unset("helper");
  return null;
}
