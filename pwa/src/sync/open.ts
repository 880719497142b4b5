import { read } from "../store/db.ts";

/** The owner of the dossier that was sent last and is not closed, or null. */
export async function lastOpenOwner(): Promise<string | null> {
  const records = await read(["dossiers"], (tx) => tx.all("dossiers"));
  const open = records.filter((record) => record.submission && !record.closedAt);
  open.sort((a, b) => (b.submittedAt ?? "").localeCompare(a.submittedAt ?? ""));
  return open[0]?.owner ?? null;
}
