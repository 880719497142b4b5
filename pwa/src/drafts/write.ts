/** Transactions that change a dossier: each commits everything of one step or nothing. */
import { sealJson } from "../seal/index.ts";
import type { WrappedKey } from "../seal/intake.ts";
import { fromBase64url, randomId, sha256 } from "../store/bytes.ts";
import { read, type Transaction, write } from "../store/db.ts";
import { type DocRow, type DossierRecord, DUE_TEXT } from "../store/records.ts";
import { edited, immutable } from "../store/revisions.ts";
import { dropGuardAfterSending, type Mode } from "../vault/index.ts";
import type { Content } from "./content.ts";
import { draftId } from "./documents.ts";
import { chunkId, type SealedPhoto } from "./photos.ts";
import { submissionOf } from "./submission.ts";
import { DraftError } from "./types.ts";

/** The gate's limit of a document, less room for ids, digests and the wrapped key. */
const LARGEST_SEALED = 48 * 1024;

async function recordOf(tx: Transaction, dossier: string): Promise<DossierRecord> {
  const record = await tx.get("dossiers", dossier);
  if (!record) throw new DraftError("not_found");
  return record;
}

/** Seals and commits this device's draft, with a new photo or without dropped ones. */
export async function saveDraft(
  init: { record: DossierRecord; device: string; key: CryptoKey; content: Content },
  extra: { sealed?: SealedPhoto; dropped?: readonly string[] } = {},
): Promise<void> {
  const { owner, dossier, key: wrapped } = init.record;
  const id = draftId(dossier, init.device);
  const sealed = await sealJson(init.key, id, "draft/1", init.content);
  if (sealed.length > LARGEST_SEALED) throw new DraftError("too_large");
  const body = wrapped
    ? { schema: "draft/1", key: wrapped, sealed }
    : { schema: "draft/1", sealed };
  await write(["docs", "bytes", "dossiers"], async (tx) => {
    const record = await recordOf(tx, dossier);
    const before = await tx.get("docs", [owner, id]);
    const row: DocRow = before ? edited(before, body) : immutable({ owner, id, dossier, body });
    if (wrapped) {
      row.due = DUE_TEXT;
      record.key = wrapped;
    }
    await tx.put("docs", row);
    if (extra.sealed) {
      for (const chunk of extra.sealed.rows) await tx.put("docs", chunk);
      for (const part of extra.sealed.bytes) await tx.put("bytes", part);
      record.parts[extra.sealed.photo.id] = extra.sealed.digests;
    }
    for (const photo of extra.dropped ?? []) await dropPhoto(tx, record, photo);
    record.updatedAt = new Date().toISOString();
    await tx.put("dossiers", record);
  });
}

/** A replaced photo goes from this device, unless the last submission still has to arrive. */
async function dropPhoto(tx: Transaction, record: DossierRecord, photo: string): Promise<void> {
  const { owner, dossier } = record;
  if (record.submittedPhotos.includes(photo) && record.status?.submission !== record.submission)
    return;
  for (const part of (record.parts[photo] ?? []).keys()) {
    await tx.delete("docs", [owner, chunkId(dossier, photo, part)]);
    await tx.delete("bytes", [owner, chunkId(dossier, photo, part)]);
  }
  delete record.parts[photo];
}

/** Commits submission n. On a shared device nothing here can open it afterwards. */
export async function saveSubmission(init: {
  record: DossierRecord;
  key: CryptoKey;
  wrapped: WrappedKey;
  n: number;
  slip: string;
  content: Content;
  /** SHA-256 of each photo's JPEG by its id. */
  digests: ReadonlyMap<string, string>;
  mode: Mode;
  /** Asks for a hand-over code in the same step: afterwards a tablet could not. */
  request?: Sealed;
}): Promise<void> {
  const { owner, dossier, parts } = init.record;
  const now = new Date().toISOString();
  const id = `submission:${dossier}:${randomId()}`;
  const plain = submissionOf(dossier, init.n, init.slip, init.content, init.digests, now);
  const sealed = await sealJson(init.key, id, "submission/1", plain);
  if (sealed.length > LARGEST_SEALED) throw new DraftError("too_large");
  const digest = await sha256(fromBase64url(sealed));
  const photos = plain.photos.map((photo) => ({ id: photo.id, chunks: parts[photo.id] ?? [] }));
  if (photos.some(({ chunks }) => chunks.length === 0)) throw new DraftError("not_found");
  const body = { schema: "submission/1", n: init.n, photos, key: init.wrapped, sealed };
  await write(["docs", "dossiers"], async (tx) => {
    const record = await recordOf(tx, dossier);
    if (record.n >= init.n) throw new DraftError("submitted"); // by another tab
    await tx.put("docs", immutable({ owner, id, dossier, body, due: DUE_TEXT }));
    Object.assign(record, {
      n: init.n,
      submission: id,
      submissionDigest: digest,
      submittedAt: now,
      submittedPhotos: photos.map((photo) => photo.id),
      slip: init.slip,
      updatedAt: now,
    });
    if (init.request) await putRequest(tx, record, init.request, init.wrapped);
    if (init.mode === "clerk") delete record.localKey;
    await tx.put("dossiers", record);
  });
  await dropGuardAfterSending(owner);
}

/** A document's id and its sealed part. */
export interface Sealed {
  id: string;
  sealed: string;
}

async function putRequest(
  tx: Transaction,
  record: DossierRecord,
  { id, sealed }: Sealed,
  key: WrappedKey,
): Promise<void> {
  const { owner, dossier } = record;
  const body = { schema: "request/1", key, sealed };
  await tx.put("docs", immutable({ owner, id, dossier, body, due: DUE_TEXT }));
  record.asked = id;
}

/** Commits what is asked of the server about a dossier. */
export async function saveRequest(
  dossier: string,
  request: Sealed,
  key: WrappedKey,
  topic?: string,
): Promise<void> {
  await write(["docs", "dossiers"], async (tx) => {
    const record = await recordOf(tx, dossier);
    if (topic) record.booked = { ...record.booked, [topic]: request.id };
    await putRequest(tx, record, request, key);
    await tx.put("dossiers", record);
  });
}

export async function noteSlip(dossier: string, slip: string): Promise<void> {
  await write(["dossiers"], async (tx) =>
    tx.put("dossiers", { ...(await recordOf(tx, dossier)), slip }),
  );
}

/** Asks for photo parts that another device took. True when some are not on their way yet. */
export async function expectParts(dossier: string, ids: readonly string[]): Promise<boolean> {
  const look = async (tx: Transaction): Promise<string[] | null> => {
    const record = await recordOf(tx, dossier);
    const lacking: string[] = [];
    for (const id of ids) if (!(await tx.get("docs", [record.owner, id]))) lacking.push(id);
    const asked = new Set(record.awaited);
    return lacking.length === asked.size && lacking.every((id) => asked.has(id)) ? null : lacking;
  };
  if (!(await read(["docs", "dossiers"], look))) return false;
  return write(["docs", "dossiers"], async (tx) => {
    const lacking = await look(tx);
    if (lacking) await tx.put("dossiers", { ...(await recordOf(tx, dossier)), awaited: lacking });
    return (lacking?.length ?? 0) > 0;
  });
}

/** Name in `meta`: ids of dossiers that were thrown away here and are not offered here again. */
export const DISCARDED = "discarded";

/** Takes a dossier off this device; what the server has of this device's draft gets a tombstone. */
export async function removeDossier(dossier: string, device: string): Promise<void> {
  await write(["docs", "bytes", "dossiers", "meta"], async (tx) => {
    const before = (await tx.get("meta", DISCARDED))?.value as string[] | undefined;
    await tx.put("meta", { name: DISCARDED, value: [...(before ?? []), dossier] });
    for (const row of await tx.by("docs", "dossier", dossier)) {
      await tx.delete("bytes", [row.owner, row.id]);
      const mine = row.id === draftId(dossier, device);
      const known = mine && (row.acknowledged || row.attempted);
      if (!known) await tx.delete("docs", [row.owner, row.id]);
      else await tx.put("docs", { ...edited(row, { _deleted: true }), due: DUE_TEXT });
    }
    await tx.delete("dossiers", dossier);
  });
}
