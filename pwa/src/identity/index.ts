/** Sessions, passkeys and invitations: who may call `/api`. Nothing here opens a vault. */
import { read } from "../store/db.ts";
import { syncNow } from "../sync/index.ts";
import { belongsTo, current, VaultError } from "../vault/index.ts";
import type { NewPasskey } from "../vault/passkey.ts";
import { ApiError, api } from "./api.ts";
import { assertPasskey, createAnother, registerOffline, registerPasskey } from "./ceremonies.ts";
import { adopt, renewGrant } from "./grants.ts";
import type { Role, Session } from "./types.ts";

export { ApiError, type ApiInit, api, request, unreached } from "./api.ts";
export { adopt, grantFor, renewGrant } from "./grants.ts";
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
  if (!vault) return (await registerPasskey({ ...init })).session;
  await syncNow(); // adopting needs a grant that the server knows
  const row = await read(["vaults"], (tx) => tx.get("vaults", vault.id));
  const made = row?.unregistered
    ? await registerKnown({ ...init }, row.unregistered as { id?: unknown })
    : (await registerPasskey({ ...init })).session;
  await adopt("applicant");
  await belongsTo(vault.id, made.account);
  return made;
}

/**
 * The open vault's owner for an account that exists, by its passkey: synced to this device, or on
 * another one that is near. @throws ApiError, VaultError cancelled
 */
export async function join(): Promise<Session> {
  await syncNow(); // adopting needs a grant that the server knows
  return joinAs(await assertPasskey("applicant"));
}

/** The open vault's owner for the account that has just signed in. @throws ApiError, VaultError */
export async function joinAs(made: Session): Promise<Session> {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  await syncNow(); // a vault that was made this minute is not known there
  await adopt("applicant");
  await belongsTo(vault.id, made.account);
  return made;
}

/** The second time, where the first was cut after the server had taken it, it is a sign-in. */
async function registerKnown(
  init: Record<string, unknown>,
  credential: { id?: unknown },
): Promise<Session> {
  try {
    return await registerOffline(init, credential);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "passkey_known") throw error;
    return assertPasskey("applicant");
  }
}

export { assertForGuard as signInForGuard } from "./ceremonies.ts";

export const signIn = (role: Role): Promise<Session> => assertPasskey(role);

/** After "sign in to send": the open vault gets a fresh grant, and sends. @throws ApiError, VaultError */
export async function signInToSend(role: Role): Promise<void> {
  await assertPasskey(role);
  await renewGrant();
  await syncNow();
}

/** The account's passkeys, the oldest first. @throws ApiError */
export const passkeysOf = (role: Role): Promise<{ created_at: string }[]> =>
  api(`/passkeys?role=${role}`);

/** One more, after the present one was used once more where that is long ago. @throws ApiError, VaultError */
export async function addPasskey(role: Role): Promise<void> {
  try {
    await createAnother(role);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "passkey_needed") throw error;
    await assertPasskey(role);
    await createAnother(role);
  }
}

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
