/** Wrong tries at a vault's secret, and how long the next one has to wait. */
import { QuotaError, read, write } from "../store/db.ts";
import type { VaultRecord } from "../store/records.ts";
import { VaultError } from "./errors.ts";

/** Wrong tries that cost nothing; then the wait doubles from 30 s up to an hour. */
const FREE_TRIES = 3;
const FIRST_WAIT = 30_000;
const LONGEST_WAIT = 3_600_000;

type Tries = Pick<VaultRecord, "failures" | "retryAt">;

/**
 * A full phone must open too, and its tries must cost as much: what the database has no room for
 * goes to localStorage, whose room is its own.
 */
const beside = (id: string): string => `doibang.tries.${id}`;

function countedBeside(id: string): Tries | null {
  const text = globalThis.localStorage?.getItem(beside(id));
  return text ? (JSON.parse(text) as Tries) : null;
}

/**
 * Counts before the try, so that killing the page does not give tries for nothing.
 * @throws VaultError unknown, wait; QuotaError where no count can be kept at all
 */
export async function countTry(id: string): Promise<void> {
  const counted: { now?: Tries } = {};
  try {
    await write(["vaults"], async (tx) => {
      const row = await tx.get("vaults", id);
      if (!row) throw new VaultError("unknown");
      counted.now = another(countedBeside(id) ?? row);
      await tx.put("vaults", Object.assign(row, counted.now));
    });
    forgetTries(id);
  } catch (error) {
    if (!(error instanceof QuotaError) || !counted.now) throw error;
    keepBeside(id, counted.now);
  }
}

/** With the vault they go too. */
export function forgetTries(id: string): void {
  globalThis.localStorage?.removeItem(beside(id));
}

function another({ failures, retryAt }: Tries): Tries {
  const now = Date.now();
  if (retryAt && Date.parse(retryAt) > now) throw new VaultError("wait", retryAt);
  const over = failures + 1 - FREE_TRIES;
  const wait = over < 0 ? 0 : Math.min(FIRST_WAIT * 2 ** over, LONGEST_WAIT);
  return { failures: failures + 1, retryAt: wait ? new Date(now + wait).toISOString() : null };
}

function keepBeside(id: string, counted: Tries): void {
  if (!globalThis.localStorage) throw new QuotaError();
  try {
    localStorage.setItem(beside(id), JSON.stringify(counted));
  } catch (cause) {
    throw new QuotaError(cause);
  }
}

/** When the next try may be made, where one has to wait; read after a wrong one. */
export async function waitUntil(id: string): Promise<string | null> {
  const row = await read(["vaults"], (tx) => tx.get("vaults", id));
  return (countedBeside(id) ?? row)?.retryAt ?? null;
}

/** After the right secret. The row as it then is. */
export async function forgiveTries(id: string): Promise<VaultRecord> {
  const none: Tries = { failures: 0, retryAt: null };
  const row = await read(["vaults"], (tx) => tx.get("vaults", id));
  if (!row) throw new VaultError("unknown");
  try {
    await write(["vaults"], async (tx) => {
      const stored = await tx.get("vaults", id);
      if (!stored) throw new VaultError("unknown");
      await tx.put("vaults", Object.assign(stored, none));
    });
    forgetTries(id);
  } catch (error) {
    if (!(error instanceof QuotaError)) throw error;
    keepBeside(id, none);
  }
  return Object.assign(row, none);
}
