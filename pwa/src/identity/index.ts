/** Sessions, passkeys and invitations: who may call `/api`. Nothing here opens a vault. */
import { read, write } from "../store/db.ts";
import { syncNow } from "../sync/index.ts";
import { current } from "../vault/index.ts";
import type { NewPasskey } from "../vault/passkey.ts";
import { ApiError, api } from "./api.ts";
import { assertPasskey, registerOffline, registerPasskey } from "./ceremonies.ts";
import { adopt } from "./grants.ts";
import type { Role, Session } from "./types.ts";

export { ApiError, type ApiInit, api, request } from "./api.ts";
export { adopt, renewGrant } from "./grants.ts";
export type { Role, Session } from "./types.ts";

/** The role's session, or null. @throws ApiError (also code `offline`) */
export async function session(role: Role): Promise<Session | null> {
  try {
    return await api<Session>(`/session?role=${role}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

/**
 * A new applicant account that adopts the open vault's owner. A passkey that guards the vault and
 * was made offline is registered; else a new one is made.
 * @throws ApiError, VaultError cancelled
 */
export async function register(init: { name?: string } = {}): Promise<Session> {
  const vault = current();
  const row = vault ? await read(["vaults"], (tx) => tx.get("vaults", vault.id)) : undefined;
  const made = row?.unregistered
    ? await registerOffline({ ...init }, row.unregistered as { id?: unknown })
    : (await registerPasskey({ ...init })).session;
  if (row?.unregistered)
    await write(["vaults"], async (tx) => {
      const known = await tx.get("vaults", row.id);
      if (!known) return;
      const { unregistered: _done, ...kept } = known;
      await tx.put("vaults", kept);
    });
  if (vault) {
    await syncNow(); // adopting needs a grant that the server knows
    await adopt();
  }
  return made;
}

export const signIn = (role: Role): Promise<Session> => assertPasskey(role);

export const signOut = (role: Role): Promise<void> =>
  api(`/session?role=${role}`, { method: "DELETE" });

export interface Invitation {
  role: Role;
  point: { id: string; name: string } | null;
  expires_at: string;
}

/** What an invitation link gives, without using it up. */
export const inspectInvitation = (token: string): Promise<Invitation> =>
  api("/invitations/inspect", { json: { token } });

/**
 * Makes the passkey and uses the invitation up.
 * passkey: for `createVault({guard: {kind: "passkey", passkey}})`; null without PRF: use a passphrase.
 */
export async function acceptInvitation(
  token: string,
  name: string,
): Promise<Session & { passkey: NewPasskey | null }> {
  const { session: made, passkey } = await registerPasskey({ invitation: token, name });
  return { ...made, passkey };
}

/** Opens a one-time DEMO link's session (sandbox only). */
export const openDemo = (token: string): Promise<Session> => api("/demo", { json: { token } });
