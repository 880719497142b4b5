import { openJson, SealError } from "../seal/index.ts";
import type { ClearStatus } from "../store/records.ts";
import type { StatusDetail } from "./types.ts";

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
