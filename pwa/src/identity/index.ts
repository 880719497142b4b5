/** Sessions, passkeys and invitations: who may call `/api`. Nothing here opens a vault. */

export type Role = "applicant" | "clerk" | "officer" | "admin";

export interface Session {
  account: string;
  role: Role;
  name: string | null;
  point: { id: string; name: string } | null;
  expires_at?: string;
}

/** RFC 9457 problem from the server, or code `offline` when it was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    /** Plain words for the person, both languages. */
    readonly text: { vi: string; en: string },
    readonly field: string | null = null,
    readonly retryAfter: number | null = null,
  ) {
    super(`${status} ${code}`);
  }
}

/** The role's session, or null (401). @throws ApiError */
export declare function session(role: Role): Promise<Session | null>;
/** New applicant account; adopts the open vault's owner. @throws ApiError, VaultError("cancelled") */
export declare function register(init?: { name?: string }): Promise<Session>;
export declare function signIn(role: Role): Promise<Session>;
export declare function signOut(role: Role): Promise<void>;
/** What an invitation link gives, without using it up. */
export declare function inspectInvitation(
  token: string,
): Promise<{ role: Role; point: { id: string; name: string } | null; expires_at: string }>;
/** Makes the passkey and uses the invitation up. */
export declare function acceptInvitation(token: string, name: string): Promise<Session>;
export declare function openDemo(token: string): Promise<Session>;
/** After `sign_in`: a fresh grant for the open vault's owner, by the signed-in account. */
export declare function renewGrant(): Promise<void>;
/** fetch under /api: JSON in, JSON out (undefined for 204). @throws ApiError */
export declare function api<T>(
  path: string,
  init?: { method?: string; json?: unknown; signal?: AbortSignal; headers?: Record<string, string> },
): Promise<T>;
