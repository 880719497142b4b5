/** The peer's transactions. */
import type { Bytes } from "../store/bytes.ts";
import { read, type Transaction, write } from "../store/db.ts";
import {
  type ClearStatus,
  type DocRow,
  type DossierRecord,
  DUE_CHUNK,
  DUE_TEXT,
  type GrantRecord,
  REPORTED_LOST,
  type VaultRecord,
} from "../store/records.ts";
import { acknowledge } from "../store/revisions.ts";
import { emit } from "../store/signals.ts";
import { forgetTries } from "../vault/tries.ts";
import { receiptsComplete } from "./receipts.ts";

const ALL = ["docs", "bytes", "dossiers", "grants", "vaults", "meta"] as const;

export const grants = (): Promise<GrantRecord[]> => read(["grants"], (tx) => tx.all("grants"));

export async function setGrant(
  grant: GrantRecord,
  state: GrantRecord["state"],
  reason?: string,
): Promise<void> {
  await write(["grants"], async (tx) => {
    const { reason: _old, ...kept } = (await tx.get("grants", grant.owner)) ?? grant;
    // A new grant may have been made meanwhile: this verdict is not about it.
    if (kept.secret !== grant.secret) return;
    await tx.put("grants", { ...kept, state, ...(reason ? { reason } : {}) });
  });
  emit({ type: "dossier", dossier: "*", owner: grant.owner });
}

export function dueTexts(owner: string): Promise<DocRow[]> {
  return read(["docs"], (tx) =>
    tx.by("docs", "due", IDBKeyRange.bound([owner, DUE_TEXT], [owner, DUE_TEXT, []])),
  );
}

/** Ids of the parts to send, those of submitted dossiers first. */
export function dueChunks(owner: string): Promise<string[]> {
  return read(["docs", "dossiers"], async (tx) => {
    const range = IDBKeyRange.bound([owner, DUE_CHUNK], [owner, DUE_CHUNK, []]);
    const keys = (await tx.keysBy("docs", "due", range)) as [string, string][];
    const records = await tx.by("dossiers", "owner", owner);
    const submitted = new Set(records.filter((one) => one.submission).map((one) => one.dossier));
    const first = (id: string): number => (submitted.has(id.split(":")[1] ?? "") ? 0 : 1);
    return keys.map(([, id]) => id).sort((a, b) => first(a) - first(b));
  });
}

export function chunk(owner: string, id: string): Promise<{ row: DocRow; bytes: Bytes } | null> {
  return read(["docs", "bytes"], async (tx) => {
    const row = await tx.get("docs", [owner, id]);
    const part = await tx.get("bytes", [owner, id]);
    return row?.due && part ? { row, bytes: part.bytes } : null;
  });
}

/**
 * From here on an edit becomes a child of these revisions: the server may have them. Gives the rows
 * as they are now, for an edit may have replaced a revision since it was read.
 */
export function markAttempted(rows: readonly DocRow[]): Promise<DocRow[]> {
  return write(["docs"], async (tx) => {
    const marked: DocRow[] = [];
    for (const { owner, id } of rows) {
      const row = await tx.get("docs", [owner, id]);
      if (!row?.due) continue;
      marked.push({ ...row, attempted: true });
      await tx.put("docs", { ...row, attempted: true });
    }
    return marked;
  });
}

export async function markStored({ owner, id, rev, dossier }: DocRow): Promise<void> {
  await write(["docs"], async (tx) => {
    const row = await tx.get("docs", [owner, id]);
    if (!row) return;
    const after = acknowledge(row, rev);
    if (after.body._deleted && !after.due) await tx.delete("docs", [owner, id]);
    else await tx.put("docs", after);
  });
  emit({ type: "dossier", dossier, owner });
}

/** Kept and shown; a later edit of the document is tried again. */
export async function markRefused(
  { owner, id, rev, dossier }: DocRow,
  reason: string,
): Promise<void> {
  if (reason === "erased") return erase(owner, dossier);
  await write(ALL, async (tx) => {
    const row = await tx.get("docs", [owner, id]);
    if (row?.rev === rev) {
      const { due: _due, ...kept } = row;
      await tx.put("docs", { ...kept, refused: reason });
    }
    if (reason === HANDED_OVER) await leave(tx, owner, dossier);
  });
  emit({ type: "dossier", dossier, owner });
}

/** Everything of one dossier goes; its row stays to say so. */
async function wipe(tx: Transaction, record: DossierRecord): Promise<void> {
  for (const row of await tx.by("docs", "dossier", record.dossier)) {
    await tx.delete("docs", [row.owner, row.id]);
    await tx.delete("bytes", [row.owner, row.id]);
  }
  const { localKey: _gone, ...kept } = record;
  await tx.put("dossiers", { ...kept, wiped: true });
}

async function erase(owner: string, dossier: string): Promise<void> {
  await write(ALL, async (tx) => {
    const record = await tx.get("dossiers", dossier);
    if (record?.owner !== owner) return;
    await wipe(tx, record);
    await tx.delete("dossiers", dossier);
  });
  emit({ type: "dossier", dossier, owner });
}

/** The account marked this device as lost: nothing of its vault stays here. */
export async function wipeOwner(owner: string): Promise<void> {
  const vault = await write(ALL, async (tx) => {
    const { id = owner, also = [] } = (await vaultOf(tx, owner)) ?? {};
    for (const each of [id, ...also]) await wipeDatabase(tx, each);
    await tx.delete("vaults", id);
    await tx.put("meta", { name: REPORTED_LOST, value: new Date().toISOString() });
    return id;
  });
  forgetTries(vault);
  emit({ type: "gone", owner: vault });
  emit({ type: "dossier", dossier: "*", owner: vault });
}

async function wipeDatabase(tx: Transaction, owner: string): Promise<void> {
  for (const record of await tx.by("dossiers", "owner", owner)) {
    await wipe(tx, record);
    await tx.delete("dossiers", record.dossier);
  }
  await tx.delete("grants", owner);
  await tx.delete("meta", `checkpoint:${owner}`);
}

const HANDED_OVER = "handed_over";
const NO_STATUS = {
  counter: -1,
  n: 0,
  submission: null,
  submission_digest: null,
  receipts: {},
  missing: [],
  refused: {},
};

/** The vault of this device that holds the owner's database. */
async function vaultOf(tx: Transaction, owner: string): Promise<VaultRecord | undefined> {
  const own = await tx.get("vaults", owner);
  return own ?? (await tx.all("vaults")).find(({ also }) => also?.includes(owner));
}

const isShared = async (tx: Transaction, owner: string): Promise<boolean> =>
  ((await vaultOf(tx, owner))?.mode ?? "own") !== "own";

/** The gate says of a late edit that the dossier is another owner's now; the status says more. */
async function leave(tx: Transaction, owner: string, dossier: string): Promise<void> {
  const record = await tx.get("dossiers", dossier);
  if (record?.owner !== owner || record.status?.group === HANDED_OVER) return;
  const status = { ...NO_STATUS, ...record.status, group: HANDED_OVER, code: HANDED_OVER };
  await tx.put("dossiers", { ...record, status });
  if (await isShared(tx, owner)) await wipe(tx, { ...record, status });
}

/** What was refused while the dossier was with somebody else is sent after all. */
export async function sendAfterReturn(tx: Transaction, record: DossierRecord): Promise<void> {
  for (const row of await tx.by("docs", "dossier", record.dossier)) {
    if (row.owner !== record.owner || row.refused !== HANDED_OVER) continue;
    const { refused: _reason, ...kept } = row;
    await tx.put("docs", { ...kept, due: row.id.startsWith("chunk:") ? DUE_CHUNK : DUE_TEXT });
  }
}

/**
 * A submission that another device of this dossier wrote is this device's last one too, unless a
 * later one was written here.
 */
function adopt(record: DossierRecord, status: ClearStatus): void {
  const { submission, n } = status;
  if (!submission || submission === record.submission) return;
  const outrun = n === record.n && status.refused[record.submission ?? ""] === "superseded";
  if (n <= record.n && !outrun) return;
  record.submission = submission;
  record.adopted = submission;
  record.submissionDigest = status.submission_digest;
  record.n = n;
  record.submittedAt = new Date().toISOString();
  record.submittedPhotos = Object.keys(status.receipts);
  for (const [photo, digests] of Object.entries(status.receipts)) record.parts[photo] ??= digests;
}

/** A correction may be made without a network: the photos that stay have to be here by then. */
async function expectPhotos(tx: Transaction, record: DossierRecord): Promise<void> {
  if (!record.localKey || record.submission !== record.adopted) return;
  const { owner, dossier, parts } = record;
  const lacking: string[] = [];
  for (const photo of record.submittedPhotos)
    for (const part of (parts[photo] ?? []).keys()) {
      const id = `chunk:${dossier}:${photo}:${part}`;
      if (!(await tx.get("docs", [owner, id]))) lacking.push(id);
    }
  record.awaited = lacking;
}

/** Takes a newer status in, and does what it asks of this device. */
export async function takeStatus(
  owner: string,
  dossier: string,
  status: ClearStatus,
): Promise<void> {
  if (status.group === "erased") return erase(owner, dossier);
  await write(ALL, async (tx) => {
    const record = await tx.get("dossiers", dossier);
    if (record?.owner !== owner || (record.status?.counter ?? -1) >= status.counter) return;
    const wasAway = record.status?.group === HANDED_OVER;
    const isAway = status.group === HANDED_OVER;
    record.status = status;
    adopt(record, status);
    record.updatedAt = new Date().toISOString();
    if (status.group === "closed") record.closedAt ??= record.updatedAt;
    if (status.group === "action_needed") await expectPhotos(tx, record);
    await tx.put("dossiers", record);
    if (wasAway && !isAway) await sendAfterReturn(tx, record);
    const sentFromHere = receiptsComplete(record) && record.submission !== record.adopted;
    if ((isAway || sentFromHere) && (await isShared(tx, owner))) await wipe(tx, record);
  });
  emit({ type: "dossier", dossier, owner });
}

/** The server says it lacks what this device thought it had. */
async function sendAgain(tx: Transaction, owner: string, id: string): Promise<void> {
  const row = await tx.get("docs", [owner, id]);
  if (!row || row.due || row.refused) return;
  await tx.put("docs", { ...row, due: row.id.startsWith("chunk:") ? DUE_CHUNK : DUE_TEXT });
}

/** How long a submission may stay without a status that names it before the server is asked. */
const UNANSWERED_MINUTES = 10;

/** What the server acknowledged and yet misses, by its last status or by its silence. */
export function doubtful(owner: string, now = Date.now()): Promise<DocRow[]> {
  const before = new Date(now - UNANSWERED_MINUTES * 60_000).toISOString();
  return read(["docs", "dossiers"], async (tx) => {
    const found: DocRow[] = [];
    for (const { dossier, submission, submittedAt, status } of await tx.by(
      "dossiers",
      "owner",
      owner,
    )) {
      const silent = submission !== status?.submission && submittedAt && submittedAt < before;
      const missing = new Set(status?.missing);
      if (!silent && missing.size === 0) continue;
      for (const row of await tx.by("docs", "dossier", dossier))
        if (row.acknowledged === row.rev && (silent || missing.has(row.id))) found.push(row);
    }
    return found;
  });
}

/** Another device's draft of a dossier that is open here. */
export async function takeDraft(
  owner: string,
  id: string,
  rev: string,
  body: DocRow["body"],
): Promise<void> {
  const dossier = id.split(":")[1] ?? "";
  const taken = await write(["docs", "dossiers"], async (tx) => {
    if ((await tx.get("dossiers", dossier))?.owner !== owner) return false;
    const hash = rev.slice(rev.indexOf("-") + 1);
    await tx.put("docs", { owner, id, dossier, rev, revisions: [hash], acknowledged: rev, body });
    return true;
  });
  if (taken) emit({ type: "dossier", dossier, owner });
}

/** Dossiers that were taken over and whose texts have not been fetched. `filed`: they were sent. */
export async function unread(owner: string): Promise<{ dossier: string; filed: boolean }[]> {
  const records = await read(["dossiers"], (tx) => tx.by("dossiers", "owner", owner));
  return records
    .filter((record) => record.unread)
    .map(({ dossier, slip }) => ({ dossier, filed: slip !== null }));
}

export const has = (owner: string, id: string): Promise<boolean> =>
  read(["docs"], async (tx) => (await tx.get("docs", [owner, id])) !== undefined);

export async function markRead(owner: string, dossier: string): Promise<void> {
  await write(["dossiers"], async (tx) => {
    const record = await tx.get("dossiers", dossier);
    if (record?.owner !== owner) return;
    const { unread: _read, ...kept } = record;
    await tx.put("dossiers", kept);
  });
  emit({ type: "dossier", dossier, owner });
}

/** Ids of photo parts that are wanted here, by dossier. */
export async function awaited(owner: string): Promise<[string, ReadonlySet<string>][]> {
  const records = await read(["dossiers"], (tx) => tx.by("dossiers", "owner", owner));
  return records
    .filter((record) => record.awaited?.length)
    .map((record) => [record.dossier, new Set(record.awaited)]);
}

/** A photo part that another device took. `digest`: SHA-256 of the sealed bytes. */
export async function takePart(
  part: Pick<DocRow, "owner" | "dossier" | "id" | "rev" | "body"> & {
    bytes: Bytes;
    digest: string;
  },
): Promise<void> {
  const { bytes, digest, ...row } = part;
  const { owner, dossier, id, rev } = row;
  const [, , photo = "", index = ""] = id.split(":");
  await write(["docs", "bytes", "dossiers"], async (tx) => {
    const record = await tx.get("dossiers", dossier);
    if (record?.owner !== owner || !record.awaited?.includes(id)) return;
    const revisions = [rev.slice(rev.indexOf("-") + 1)];
    await tx.put("docs", { ...row, revisions, acknowledged: rev });
    await tx.put("bytes", { owner, id, bytes });
    const digests = record.parts[photo] ?? [];
    digests[Number(index)] = digest;
    record.parts[photo] = digests;
    record.awaited = record.awaited.filter((one) => one !== id);
    await tx.put("dossiers", record);
  });
  emit({ type: "dossier", dossier, owner });
}

/** Revisions of everything of this owner that should be at the server. */
export function allRevisions(owner: string): Promise<DocRow[]> {
  return read(["docs"], (tx) => tx.all("docs", IDBKeyRange.bound([owner], [owner, []])));
}

export async function markDue(owner: string, ids: ReadonlySet<string>): Promise<void> {
  await write(["docs"], async (tx) => {
    for (const id of ids) await sendAgain(tx, owner, id);
  });
}

/** How long a closed dossier may still be read on this device. */
const KEEP_CLOSED_DAYS = 30;

/** Takes the contents of long closed dossiers off this device; their rows stay. */
export async function expireClosed(now = Date.now()): Promise<void> {
  const before = new Date(now - KEEP_CLOSED_DAYS * 86_400_000).toISOString();
  await write(ALL, async (tx) => {
    for (const record of await tx.all("dossiers"))
      if (record.closedAt && record.closedAt < before && !record.wiped) await wipe(tx, record);
  });
}
