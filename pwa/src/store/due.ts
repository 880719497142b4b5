import type { Transaction } from "./db.ts";
import { DUE_CHUNK, DUE_TEXT } from "./records.ts";

/** Ids of what the server lacks, texts first. */
export async function dueIds(tx: Transaction, owner: string, dossier?: string): Promise<string[]> {
  const range = IDBKeyRange.bound([owner, DUE_TEXT], [owner, DUE_CHUNK, []]);
  const keys = (await tx.keysBy("docs", "due", range)) as [string, string][];
  const ids = keys.map(([, id]) => id);
  return dossier ? ids.filter((id) => id.split(":")[1] === dossier) : ids;
}
