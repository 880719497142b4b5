/** What the server's answer to one request means for a run. */

/** The server was not reached, or sent something that is not an answer. */
export class Unreachable extends Error {}

/** 429 or 503: come back after so many seconds. */
export class Busy extends Error {
  constructor(readonly after: number) {
    super(`busy for ${after} s`);
  }
}

/** 401: the grant is no longer good. reason: grant_unknown, grant_revoked, grant_expired, device_lost */
export class Unauthorized extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** The database does not exist yet. */
export class NoDatabase extends Error {}

const DEFAULT_WAIT = 30;

/** Seconds of Retry-After: a number, or an HTTP date. */
export function retryAfter(header: string | null, now = Date.now()): number {
  if (!header) return DEFAULT_WAIT;
  const seconds = /^[0-9]+$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(1, Math.ceil(seconds)), 3600) : DEFAULT_WAIT;
}

export interface Problem {
  error?: string;
  reason?: string;
  code?: string;
}

export async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => null)) as Problem | null;
  return body && typeof body === "object" ? body : {};
}

/** Throws for what stops a run; other answers are the caller's. */
export async function stopUnlessUsable(response: Response): Promise<void> {
  if (response.status === 401)
    throw new Unauthorized((await problemOf(response)).reason ?? "unknown");
  if (response.status === 429 || response.status === 503)
    throw new Busy(retryAfter(response.headers.get("retry-after")));
  if (response.status >= 500) throw new Unreachable(`${response.status}`);
}
