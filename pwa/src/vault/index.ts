/**
 * Vaults: the local data of one person on one device, and the lock on it.
 *
 * A vault's key exists only in the memory of the page that unlocked it. Everything below the lock
 * (documents, chunks, grants) is already sealed, so sending never needs an open vault.
 */
import { base64url, random, randomId } from "../store/bytes.ts";
import { read, write } from "../store/db.ts";
import type { VaultRecord } from "../store/records.ts";
import { emit } from "../store/signals.ts";
import { watchIdleness } from "./autolock.ts";
import { VaultError } from "./errors.ts";
import { unwrapVaultKey, wrapVaultKey } from "./guards.ts";
import { describe, hold } from "./open.ts";
import { countTry, forgiveTries, waitUntil } from "./tries.ts";
import type { Guard, Mode, Vault, VaultInfo } from "./types.ts";
import { newPassphrase as drawPassphrase } from "./words.ts";

export { idleMinutes, setIdleMinutes } from "./autolock.ts";
export { VaultError, type VaultErrorCode } from "./errors.ts";
export { current, holds, lock, onVaultChange } from "./open.ts";
export type { Guard, GuardKind, Mode, Vault, VaultInfo } from "./types.ts";

watchIdleness();

/** A five-word passphrase drawn on this device, to be shown once. */
export async function newPassphrase(): Promise<string> {
  return drawPassphrase();
}

export const describeRecord = (row: VaultRecord): VaultInfo => ({
  id: row.id,
  owner: row.owner,
  owners: [row.owner, ...(row.also ?? [])],
  device: row.device,
  mode: row.mode,
  ...(row.label === undefined ? {} : { label: row.label }),
  guard: row.guardKind,
  createdAt: row.createdAt,
  sealed: row.guard === undefined,
  ...(row.account === undefined ? {} : { account: row.account }),
  retryAt: row.retryAt && row.retryAt > new Date().toISOString() ? row.retryAt : null,
});

/** Every vault of this device, newest first. Nothing personal but the label its owner typed. */
export async function listVaults(): Promise<VaultInfo[]> {
  const rows = await read(["vaults"], (tx) => tx.all("vaults"));
  return rows
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .map((row) => describeRecord(row));
}

/**
 * Makes a vault with a fresh owner id, device id and grant, and opens it. Needs no network.
 * @throws VaultError no_prf, cancelled, weak; QuotaError
 */
export async function createVault(init: {
  mode: Mode;
  guard: Guard;
  label?: string;
}): Promise<Vault> {
  const owner = randomId();
  const key = random(32);
  const label = init.label?.trim().normalize("NFC");
  const wrapped = await wrapVaultKey(owner, key, init.guard, label || "Đổi Bằng");
  const row: VaultRecord = {
    id: owner,
    owner,
    device: randomId(),
    mode: init.mode,
    ...(label ? { label } : {}),
    createdAt: new Date().toISOString(),
    guardKind: init.guard.kind,
    guard: wrapped.record,
    failures: 0,
    retryAt: null,
    ...(wrapped.passkey && init.guard.kind === "passkey" && !init.guard.passkey
      ? { unregistered: wrapped.passkey.response }
      : {}),
  };
  await write(["vaults", "grants"], async (tx) => {
    const secret = base64url(random(32));
    await tx.put("vaults", row);
    await tx.put("grants", { owner, device: row.device, secret, state: "made" });
  });
  const vault = describeRecord(row);
  await hold(vault, key);
  return vault;
}

/** @throws VaultError unknown, sealed, wait, wrong_secret, cancelled, no_prf */
export async function unlock(id: string, guard: Guard): Promise<Vault> {
  const row = await read(["vaults"], (tx) => tx.get("vaults", id));
  if (!row) throw new VaultError("unknown");
  if (!row.guard) throw new VaultError("sealed");
  const typed = row.guard.kind !== "passkey";
  if (typed) await countTry(id);
  try {
    const key = await unwrapVaultKey(id, row.guard, guard);
    const opened = typed ? await forgiveTries(id) : row;
    const vault = describeRecord(opened);
    await hold(vault, key);
    return vault;
  } catch (error) {
    if (!(error instanceof VaultError) || error.code !== "wrong_secret") throw error;
    throw new VaultError("wrong_secret", await waitUntil(id));
  }
}

/**
 * After sending from a borrowed phone nothing on it may open the vault again, unless another
 * dossier in it is still being filled. The page that sent keeps it open until it locks.
 */
export async function dropGuardAfterSending(owner: string): Promise<void> {
  const sealed = await write(["vaults", "dossiers"], async (tx) => {
    const row = await tx.get("vaults", owner);
    if (row?.mode !== "borrowed" || !row.guard) return null;
    const dossiers = await tx.by("dossiers", "owner", owner);
    if (dossiers.some((dossier) => dossier.submission === null)) return null;
    delete row.guard;
    await tx.put("vaults", row);
    for (const dossier of dossiers) {
      delete dossier.localKey;
      await tx.put("dossiers", dossier);
    }
    return row;
  });
  if (!sealed) return;
  describe(describeRecord(sealed));
  emit({ type: "dossier", dossier: "*", owner });
}

/** Notes that an account owns the vault's database; its passkey, if it was made here, is known. */
export async function belongsTo(id: string, account: string): Promise<void> {
  const row = await write(["vaults"], async (tx) => {
    const known = await tx.get("vaults", id);
    if (!known) throw new VaultError("unknown");
    const { unregistered: _known, ...kept } = known;
    await tx.put("vaults", { ...kept, account });
    return { ...kept, account };
  });
  describe(describeRecord(row));
}

/** Keeps a fresh grant for an owner; one that is not the vault's own is held by it from then on. */
export async function holdGrant(id: string, owner: string, secret: string): Promise<void> {
  const row = await write(["vaults", "grants"], async (tx) => {
    const vault = await tx.get("vaults", id);
    if (!vault) throw new VaultError("unknown");
    const joined = owner !== vault.owner;
    if (joined) vault.also = [...new Set(vault.also).add(owner)];
    await tx.put("vaults", vault);
    const grant = { owner, device: vault.device, secret, state: "posted" } as const;
    await tx.put("grants", joined ? { ...grant, joined } : grant);
    return vault;
  });
  describe(describeRecord(row));
}

/** Whether this device may have an authenticator with PRF. A hint: the creation decides. */
export async function passkeyLikely(): Promise<boolean> {
  if (typeof PublicKeyCredential === "undefined") return false;
  return PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable();
}
