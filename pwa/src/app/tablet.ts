import { type Draft, list } from "../drafts/index.ts";
import { current, onVaultChange } from "../vault/index.ts";
import type { Place } from "./router.ts";

/** The page of a clerk's tablet between two people. */
export const TABLET = "/nhan-vien";
const SEND = "gui";
const DONE = "da-ghi";

/** A clerk's vault is open: the applicant's pages are shown on a tablet. */
export const helping = (): boolean => current()?.mode === "clerk";

/** The dossier that was found unsent last: going through its pages asks no store. */
let unsent: string | null = null;
onVaultChange(() => {
  unsent = null;
});

/**
 * On a tablet what was sent is gone: neither its address nor the back button brings it again. Right
 * after sending comes a page with nothing but the slip. Returns where to go instead, or null.
 */
export function detour(place: Place | null): string | null | Promise<string | null> {
  const { dossier, step } = place?.params ?? {};
  if (!helping() || !dossier) return null;
  if (step === DONE) return `${TABLET}/da-gui/${dossier}`;
  return dossier === unsent ? null : lookUp(dossier);
}

async function lookUp(dossier: string): Promise<string | null> {
  const row = (await list()).find((one) => one.dossier === dossier);
  const here = row?.readable && (!row.submittedAt || row.group === "action_needed");
  unsent = here && !row.submittedAt ? dossier : null;
  return here ? null : TABLET;
}

/**
 * The page that must come before `step`: the applicant confirms right before sending, and whatever
 * is looked at again afterwards is confirmed again.
 */
export async function confirmFirst(draft: Draft, step: string): Promise<string | null> {
  if (!helping()) return null;
  if (draft.submitted) unsent = null;
  if (draft.submitted) return null;
  const confirmed = draft.values().helper !== undefined;
  if (step === SEND) return confirmed ? null : `${TABLET}/xac-nhan/${draft.dossier}`;
  if (confirmed) await draft.unset("helper");
  return null;
}
