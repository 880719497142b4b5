/** Another guard in the place of one that was forgotten. Nothing that was not recovered is destroyed. */
import { importKey } from "../seal/index.ts";
import { type Bytes, random } from "../store/bytes.ts";
import { read, write } from "../store/db.ts";
import type { WrapRecord } from "../store/records.ts";
import { emit } from "../store/signals.ts";
import { VaultError } from "./errors.ts";
import { unwrapVaultKey, wrapVaultKey } from "./guards.ts";
import { describeRecord } from "./index.ts";
import { current, hold, unwrapUnder, wrapLocally, wrapUnder } from "./open.ts";
import { countTry, forgetTries, forgiveTries, waitUntil } from "./tries.ts";
import type { Guard, Vault } from "./types.ts";

/**
 * A new key and a new guard for a vault whose guard is forgotten; then it is open. `keys`: the data
 * keys of its dossiers as the server gave them. A dossier without one stays under the old guard.
 * @throws VaultError unknown, sealed, no_prf, cancelled, weak; QuotaError
 */
export async function reguard(
  id: string,
  guard: Guard,
  keys: ReadonlyMap<string, Bytes>,
): Promise<Vault> {
  const raw = random(32);
  const { record } = await wrapVaultKey(id, raw, guard, "Đổi Bằng");
  const key = await importKey(raw);
  const wrapped = new Map<string, string>();
  for (const [dossier, data] of keys) wrapped.set(dossier, await wrapUnder(key, dossier, data));
  const row = await write(["vaults", "dossiers"], async (tx) => {
    const vault = await tx.get("vaults", id);
    if (!vault) throw new VaultError("unknown");
    const { guard: before } = vault;
    if (!before) throw new VaultError("sealed");
    for (const owner of [id, ...(vault.also ?? [])])
      for (const dossier of await tx.by("dossiers", "owner", owner)) {
        const { localKey: sealed, formerKey, ...rest } = dossier;
        const localKey = wrapped.get(dossier.dossier);
        const former = sealed === undefined ? formerKey : { sealed, guard: before };
        if (localKey) await tx.put("dossiers", { ...rest, localKey });
        else if (former) await tx.put("dossiers", { ...rest, formerKey: former });
      }
    const renewed = { ...vault, guard: record, guardKind: record.kind, failures: 0, retryAt: null };
    await tx.put("vaults", renewed);
    return renewed;
  });
  forgetTries(id);
  emit({ type: "rekeyed", vault: id });
  const vault = describeRecord(row);
  await hold(vault, raw);
  emit({ type: "dossier", dossier: "*", owner: vault.owner });
  return vault;
}

/**
 * Opens with a guard that was forgotten and is known again what stayed under it, in the open vault.
 * @throws VaultError locked, wait, wrong_secret
 */
export async function openFormer(guard: Guard): Promise<void> {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  const sealed = await read(["dossiers"], async (tx) => {
    const all = await tx.all("dossiers");
    return all.filter(({ owner, formerKey }) => formerKey && vault.owners.includes(owner));
  });
  await countTry(vault.id);
  let opened = 0;
  for (const { dossier, owner, formerKey } of sealed) {
    const raw = formerKey && (await keyUnder(vault.id, formerKey.guard, guard));
    if (!raw) continue;
    const data = await unwrapUnder(await importKey(raw), dossier, formerKey.sealed);
    const localKey = await wrapLocally(owner, dossier, data);
    await write(["dossiers"], async (tx) => {
      const record = await tx.get("dossiers", dossier);
      if (!record) return;
      const { formerKey: _opened, ...rest } = record;
      await tx.put("dossiers", { ...rest, localKey });
    });
    opened++;
  }
  if (opened === 0) throw new VaultError("wrong_secret", await waitUntil(vault.id));
  await forgiveTries(vault.id);
  emit({ type: "dossier", dossier: "*", owner: vault.owner });
}

/** Null for the wrong secret. */
async function keyUnder(id: string, record: WrapRecord, guard: Guard): Promise<Bytes | null> {
  try {
    return await unwrapVaultKey(id, record, guard);
  } catch (error) {
    if (error instanceof VaultError && error.code === "wrong_secret") return null;
    throw error;
  }
}
