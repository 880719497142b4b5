/** Taking over a dossier by its code: from then on it is this vault's. */
import { api } from "../identity/api.ts";
import { newRecipient } from "../seal/claim.ts";
import { fetchIntakeKeys, newestIntakeKey, wrapKey } from "../seal/intake.ts";
import type { Bytes } from "../store/bytes.ts";
import { persist, read, write } from "../store/db.ts";
import type { DossierRecord, GrantRecord } from "../store/records.ts";
import { emit } from "../store/signals.ts";
import { syncNow } from "../sync/index.ts";
import { sendAfterReturn } from "../sync/store.ts";
import { current, VaultError } from "../vault/index.ts";
import { wrapLocally } from "../vault/open.ts";
import { DraftError, type HandOverKind } from "./types.ts";

/** The server's answer to a claim. `until`: a lent dossier goes back then. */
export interface Taken {
  readonly dossier: string;
  readonly kind: HandOverKind;
  readonly slip: string | null;
  readonly until: string | null;
}

/**
 * Claims the dossier for the open vault and notes its key; its documents and photos then come by
 * themselves. Repeating it after a lost answer is harmless.
 * @throws ApiError grant_needed, claim_unknown, claim_not_ready, clerk_needed, offline;
 *   VaultError("locked"), SealError, QuotaError
 */
export async function take(
  code: { secret: string } | { typed: string; date_of_birth: string },
): Promise<Taken> {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  const taken = await takeKey(vault.owner, "/claims", code);
  emit({ type: "due", urgent: true });
  return taken;
}

/** Asks with the owner's grant for a dossier's key, and notes it under the open vault's. */
export async function takeKey(owner: string, path: string, body: object): Promise<Taken> {
  const { raw, ...taken } = await askKey(owner, path, body);
  await note(owner, taken, raw);
  raw.fill(0);
  void persist();
  emit({ type: "dossier", dossier: taken.dossier, owner });
  return taken;
}

/** A dossier's data key as the server gives it to this device. @throws ApiError, SealError */
export async function askKey(
  owner: string,
  path: string,
  body: object,
): Promise<Taken & { raw: Bytes }> {
  const [recipient, { secret, device }] = await Promise.all([newRecipient(), grantOf(owner)]);
  const { wrapped, ...taken } = await api<Taken & { wrapped: string }>(path, {
    json: { ...body, key: recipient.key },
    headers: { authorization: `Bearer ${secret}` },
  });
  return { ...taken, raw: await recipient.open(wrapped, owner, taken.dossier, device) };
}

/** The owner's grant, once the server knows it. */
async function grantOf(owner: string): Promise<GrantRecord> {
  const find = (): Promise<GrantRecord | undefined> =>
    read(["grants"], (tx) => tx.get("grants", owner));
  if ((await find())?.state === "made") await syncNow();
  const grant = await find();
  if (!grant) throw new VaultError("unknown");
  return grant;
}

async function note(owner: string, { dossier, slip }: Taken, raw: Bytes): Promise<void> {
  if (!(await newestIntakeKey())) await fetchIntakeKeys();
  const intake = await newestIntakeKey();
  if (!intake) throw new DraftError("no_intake_key");
  const localKey = await wrapLocally(owner, dossier, raw);
  const key = await wrapKey(intake, owner, dossier, raw);
  await write(["dossiers", "docs", "bytes"], async (tx) => {
    const known = await tx.get("dossiers", dossier);
    const mine = known?.owner === owner && !known.wiped ? known : fresh(owner, dossier);
    // Another vault of this device had it: the server has what that one sent, and this one takes it.
    for (const row of known && known !== mine ? await tx.by("docs", "dossier", dossier) : []) {
      await tx.delete("docs", [row.owner, row.id]);
      await tx.delete("bytes", [row.owner, row.id]);
    }
    const { formerKey: _recovered, ...kept } = mine;
    const record = { ...kept, localKey, key, slip: slip ?? mine.slip, status: null, unread: true };
    await tx.put("dossiers", record);
    await sendAfterReturn(tx, record);
  });
}

function fresh(owner: string, dossier: string): DossierRecord {
  const now = new Date().toISOString();
  return {
    dossier,
    owner,
    createdAt: now,
    updatedAt: now,
    slip: null,
    submittedAt: null,
    n: 0,
    submission: null,
    submissionDigest: null,
    parts: {},
    submittedPhotos: [],
    status: null,
    closedAt: null,
  };
}
