/** Revisions of the device's own documents, as CouchDB's replication sees them. */
import { randomId } from "./bytes.ts";
import type { DocRow } from "./records.ts";

export const generationOf = (rev: string): number => Number.parseInt(rev, 10);

/** A document written once: revision 1. */
export function immutable(
  row: Pick<DocRow, "owner" | "id" | "dossier" | "body"> & Partial<DocRow>,
): DocRow {
  const hash = randomId();
  return { ...row, rev: `1-${hash}`, revisions: [hash] };
}

/**
 * The row with a new body. A revision that nobody may have seen is replaced, so that a hundred
 * offline edits are one revision; one that was sent, or tried, becomes the new one's parent.
 */
export function edited(row: DocRow, body: DocRow["body"]): DocRow {
  const hash = randomId();
  const seen = row.attempted || row.acknowledged === row.rev;
  const generation = generationOf(row.rev) + (seen ? 1 : 0);
  const revisions = seen ? [hash, ...row.revisions] : [hash, ...row.revisions.slice(1)];
  const { attempted: _sent, refused: _reason, ...kept } = row;
  return { ...kept, body, rev: `${generation}-${hash}`, revisions };
}

/** The row after the server's durable answer for `rev`; an edit made meanwhile stays due. */
export function acknowledge(row: DocRow, rev: string): DocRow {
  const hash = rev.slice(rev.indexOf("-") + 1);
  const at = row.revisions.indexOf(hash);
  const kept: DocRow = { ...row, acknowledged: rev };
  if (at >= 0) kept.revisions = row.revisions.slice(0, at + 1);
  if (row.rev === rev) {
    delete kept.due;
    delete kept.attempted;
  }
  return kept;
}

/** What travels: clear part, revision and its ancestors back to one the server has. */
export function wireDocument(row: DocRow): Record<string, unknown> {
  const { revisions: ids } = row;
  const revision =
    ids.length > 1 ? { _revisions: { start: generationOf(row.rev), ids } } : { _rev: row.rev };
  return { _id: row.id, ...revision, ...row.body };
}
