/** A vault whose PIN or passphrase is forgotten: its dossiers' keys come from the server. */
import { ApiError, grantFor, unreached } from "../identity/index.ts";
import type { Bytes } from "../store/bytes.ts";
import { read } from "../store/db.ts";
import type { DossierRecord } from "../store/records.ts";
import { syncNow } from "../sync/index.ts";
import type { Guard, VaultInfo } from "../vault/index.ts";
import { reguard } from "../vault/reguard.ts";
import { askKey } from "./take.ts";

/**
 * Sends what was not sent (that needs no open vault), asks for every dossier's key, and gives the
 * vault a new guard. Until the last key is here nothing changes. Needs a sign-in of the vault's
 * account not older than five minutes. Returns how many dossiers stayed under the forgotten guard.
 * @throws ApiError offline, passkey_needed; VaultError; QuotaError
 */
export async function recover(vault: VaultInfo, guard: Guard): Promise<number> {
  await renewRefused(vault);
  const { state } = await syncNow();
  if (state === "offline" || state === "waiting") throw unreached();
  const sealed = await sealedIn(vault);
  const keys = new Map<string, Bytes>();
  for (const record of sealed) {
    const key = await keyFrom(vault, record);
    if (key) keys.set(record.dossier, key);
  }
  await reguard(vault.id, guard, keys);
  for (const key of keys.values()) key.fill(0);
  return sealed.length - keys.size;
}

async function renewRefused(vault: VaultInfo): Promise<void> {
  const grants = await read(["grants"], (tx) => tx.all("grants"));
  for (const { owner, state } of grants)
    if (state === "refused" && vault.owners.includes(owner)) await grantFor(vault, owner);
}

const sealedIn = ({ owners }: VaultInfo): Promise<DossierRecord[]> =>
  read(["dossiers"], async (tx) => {
    const all = await tx.all("dossiers");
    return all.filter(
      ({ owner, localKey, formerKey }) => owners.includes(owner) && (localKey ?? formerKey),
    );
  });

/** Null for what the server cannot give: it was never sent, or belongs to somebody else by now. */
async function keyFrom(
  { mode }: VaultInfo,
  { owner, dossier }: DossierRecord,
): Promise<Bytes | null> {
  const path = mode === "clerk" ? `/clerk/dossiers/${dossier}/take` : `/dossiers/${dossier}/key`;
  try {
    return (await askKey(owner, path, {})).raw;
  } catch (error) {
    if (!(error instanceof ApiError) || ![404, 409].includes(error.status)) throw error;
    return null;
  }
}
