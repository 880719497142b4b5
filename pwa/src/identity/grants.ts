/** Grants of the open vault's owner, by the signed-in account. */
import { base64url, random, sha256 } from "../store/bytes.ts";
import { read, write } from "../store/db.ts";
import { emit } from "../store/signals.ts";
import { current, VaultError } from "../vault/index.ts";
import { api } from "./api.ts";

function owned(): { owner: string; device: string } {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  return { owner: vault.owner, device: vault.device };
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

/** A fresh grant after "sign in to send"; the old one is forgotten once the new one is known. */
export async function renewGrant(): Promise<void> {
  const { owner, device } = owned();
  const secret = random(32);
  const hash = await sha256(secret);
  await api("/grants/renew", { json: { owner, device, hash } });
  await write(["grants"], (tx) =>
    tx.put("grants", { owner, device, secret: base64url(secret), state: "posted" }),
  );
  emit({ type: "dossier", dossier: "*", owner });
  emit({ type: "due", urgent: true });
}
