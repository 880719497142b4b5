/** Reads a dossier's bookkeeping; nothing here is decrypted. */
import { read, type Transaction } from "../store/db.ts";
import { dueIds } from "../store/due.ts";
import type { DocRow, DossierRecord } from "../store/records.ts";
import type { Ledger } from "./sending.ts";

async function ledgerOf(tx: Transaction, record: DossierRecord): Promise<Ledger> {
  const grant = await tx.get("grants", record.owner);
  const due = await dueIds(tx, record.owner, record.dossier);
  const texts = await textRows(tx, record);
  return { record, grant, due, refused: texts.filter(holdsUp) };
}

/** A code that was not taken, and an edit while the dossier is elsewhere, keep nothing from arriving. */
const holdsUp = ({ id, refused }: DocRow): boolean =>
  refused !== undefined && refused !== "handed_over" && !id.startsWith("request:");

export async function textRows(
  tx: Transaction,
  { owner, dossier }: DossierRecord,
): Promise<DocRow[]> {
  const rows = await tx.by("docs", "dossier", dossier);
  return rows.filter((row) => row.owner === owner);
}

export function ledger(dossier: string): Promise<Ledger | null> {
  return read(["dossiers", "docs", "grants"], async (tx) => {
    const record = await tx.get("dossiers", dossier);
    return record ? ledgerOf(tx, record) : null;
  });
}

/** Of these owners, or of all on this device. */
export function ledgers(owners?: readonly string[]): Promise<Ledger[]> {
  return read(["dossiers", "docs", "grants"], async (tx) => {
    const found: Ledger[] = [];
    for (const record of await tx.all("dossiers"))
      if (owners?.includes(record.owner) ?? true) found.push(await ledgerOf(tx, record));
    return found;
  });
}
