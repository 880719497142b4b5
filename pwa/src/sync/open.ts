import { read } from "../store/db.ts";
import type { DossierRecord } from "../store/records.ts";

/** The owner of the dossier of which news may come that was touched last, or null. */
export async function lastOpenOwner(): Promise<string | null> {
  const records = await read(["dossiers"], (tx) => tx.all("dossiers"));
  const open = records.filter(
    (one) => (one.submission || one.asked || one.unread) && !one.closedAt,
  );
  open.sort((a, b) => touched(b).localeCompare(touched(a)));
  return open[0]?.owner ?? null;
}

const touched = ({ submittedAt, updatedAt }: DossierRecord): string => submittedAt ?? updatedAt;
