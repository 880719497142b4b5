/** A photo as sealed chunks, and back. */
import { openChunk, PART_SIZE, sealChunk } from "../seal/index.ts";
import { type Bytes, concat, randomId, sha256 } from "../store/bytes.ts";
import { read } from "../store/db.ts";
import { type BytesRow, type DocRow, type DossierRecord, DUE_CHUNK } from "../store/records.ts";
import { immutable } from "../store/revisions.ts";
import type { DraftPhoto } from "./content.ts";
import { DraftError } from "./types.ts";

/** The schema's limit; capture aims at 200 KB. */
const LARGEST = 262_144;

export const partsOf = (size: number): number => Math.ceil(size / PART_SIZE);

export const chunkId = (dossier: string, photo: string, part: number): string =>
  `chunk:${dossier}:${photo}:${part}`;

export interface SealedPhoto {
  photo: Omit<DraftPhoto, "at" | "kind" | "width" | "height">;
  digests: string[];
  rows: DocRow[];
  bytes: BytesRow[];
}

/** Cuts and seals once; a retake gets a new id. @throws DraftError photo_too_large, not_a_photo */
export async function sealPhoto(
  key: CryptoKey,
  owner: string,
  dossier: string,
  jpeg: Blob,
): Promise<SealedPhoto> {
  if (jpeg.size > LARGEST) throw new DraftError("photo_too_large");
  const bytes: Bytes = new Uint8Array(await jpeg.arrayBuffer());
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new DraftError("not_a_photo");
  const id = randomId();
  const count = partsOf(bytes.length);
  const rows: DocRow[] = [];
  const attachments: BytesRow[] = [];
  const digests: string[] = [];
  for (let part = 0; part < count; part++) {
    const name = chunkId(dossier, id, part);
    const plain = bytes.subarray(part * PART_SIZE, (part + 1) * PART_SIZE);
    const sealed = await sealChunk(key, name, count, plain);
    digests.push(await sha256(sealed));
    const body = { schema: "chunk/1", count };
    rows.push(immutable({ owner, dossier, id: name, body, due: DUE_CHUNK }));
    attachments.push({ owner, id: name, bytes: sealed });
  }
  return { photo: { id, size: bytes.length }, digests, rows, bytes: attachments };
}

/** @throws DraftError("not_found") when a part is not on this device, SealError */
export async function readPhoto(
  key: CryptoKey,
  { owner, dossier }: DossierRecord,
  photo: Pick<DraftPhoto, "id" | "size">,
): Promise<Blob> {
  const count = partsOf(photo.size);
  const ids = Array.from({ length: count }, (_, part) => chunkId(dossier, photo.id, part));
  const rows = await read(["bytes"], (tx) =>
    Promise.all(ids.map((id) => tx.get("bytes", [owner, id]))),
  );
  const parts: Bytes[] = [];
  for (const row of rows) {
    if (!row) throw new DraftError("not_found");
    parts.push(await openChunk(key, row.id, rows.length, row.bytes));
  }
  return new Blob([concat(...parts)], { type: "image/jpeg" });
}

/** A part that is not here was taken on another device. */
function orAwaited(cause: unknown): never {
  const gone = cause instanceof DraftError && cause.code === "not_found";
  throw gone ? new DraftError("photos_awaited") : cause;
}

/** SHA-256 of photos as they lie on this device, so that none is promised that cannot be read. */
export async function digestsOf(
  key: CryptoKey,
  record: DossierRecord,
  photos: readonly DraftPhoto[],
): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const photo of photos) {
    const jpeg = await readPhoto(key, record, photo).catch(orAwaited);
    digests.set(photo.id, await sha256(new Uint8Array(await jpeg.arrayBuffer())));
  }
  return digests;
}
