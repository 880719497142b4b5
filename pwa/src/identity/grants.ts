/** Grants of the open vault's owners, by the signed-in account. */
import { base64url, random, sha256 } from "../store/bytes.ts";
import { read } from "../store/db.ts";
import { emit } from "../store/signals.ts";
import { current, holdGrant, VaultError, type VaultInfo } from "../vault/index.ts";
import { api } from "./api.ts";

function owned(): VaultInfo {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  return vault;
}

/**
 * Binds the open vault's owner to the session's account: needs that owner's grant as well.
 * role: whose session, where this browser has an applicant's and a clerk's.
 */
export async function adopt(role?: "applicant" | "clerk"): Promise<void> {
  const { owner } = owned();
  const grant = await read(["grants"], (tx) => tx.get("grants", owner));
  if (!grant) throw new VaultError("unknown");
  const headers = { authorization: `Bearer ${grant.secret}` };
  await api("/grants/adopt", { json: { owner, ...(role ? { role } : {}) }, headers });
}

/** Fresh grants after "sign in to send"; an old one is forgotten once the new one is known. */
export async function renewGrant(): Promise<void> {
  const vault = owned();
  for (const owner of vault.owners) await grantFor(vault, owner);
  emit({ type: "dossier", dossier: "*", owner: vault.owner });
  emit({ type: "due", urgent: true });
}

/** A fresh grant for an owner of the signed-in account, which the vault holds from then on. */
export async function grantFor({ id, device }: VaultInfo, owner: string): Promise<void> {
  const secret = random(32);
  const hash = await sha256(secret);
  await api("/grants/renew", { json: { owner, device, hash } });
  await holdGrant(id, owner, base64url(secret));
}
