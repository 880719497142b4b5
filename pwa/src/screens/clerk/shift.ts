import { ApiError, adopt, type Session, session } from "../../identity/index.ts";
import { meta, QuotaError, setMeta } from "../../store/db.ts";
import { syncNow } from "../../sync/index.ts";
import { current, listVaults, type Vault, type VaultInfo } from "../../vault/index.ts";

/** Who works at this tablet. Nothing of any applicant; kept so that a shift can begin offline. */
export interface Shift {
  readonly account: string;
  readonly name: string | null;
  readonly point: { readonly id: string; readonly name: string } | null;
  /** The account owns the vault's database: the server may count its dossiers as clerk-checked. */
  readonly adopted: boolean;
}

const key = (owner: string): string => `shift:${owner}`;
let signedIn: Session | null = null;

/** The clerk's session; null when signed out, and also offline, where nobody can know. */
export async function clerkSession(): Promise<{ session: Session | null; offline: boolean }> {
  try {
    signedIn = await session("clerk");
    return { session: signedIn, offline: false };
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.code !== "offline") throw cause;
    return { session: signedIn, offline: true };
  }
}

const sessionListeners = new Set<() => void>();

/** Called when somebody signed in or out at this tablet. */
export function onSession(listener: () => void): () => void {
  sessionListeners.add(listener);
  return () => sessionListeners.delete(listener);
}

export function entered(now: Session | null): void {
  signedIn = now;
  for (const listener of [...sessionListeners]) listener();
}

/** The server no longer knows it. */
export function sessionOver(): void {
  signedIn = null;
}

const recall = (owner: string): Promise<Shift | undefined> => meta<Shift>(key(owner));

/** A vault of this tablet, and whose it is where somebody was signed in with it. */
export interface Place {
  readonly vault: VaultInfo;
  readonly shift: Shift | undefined;
}

/** Whose vault was opened last, in `meta`: after a lock it is most often opened again. */
const LAST = "shift.last";

/** Every clerk's vault on this tablet, the last opened first: known without a network too. */
export async function placesHere(): Promise<readonly Place[]> {
  const vaults = (await listVaults()).filter(({ mode, sealed }) => mode === "clerk" && !sealed);
  const last = await meta<string>(LAST);
  vaults.sort((a, b) => Number(b.owner === last) - Number(a.owner === last));
  const shifts = await Promise.all(vaults.map(({ owner }) => recall(owner)));
  return vaults.map((vault, i) => ({ vault, shift: shifts[i] }));
}

/** Whether the session is that of the clerk whose vault is open: another's names are not theirs. */
export async function ownSession(): Promise<boolean> {
  const shift = await shiftNow();
  if (signedIn === null) await clerkSession();
  return shift !== null && signedIn?.account === shift.account;
}

/** Notes whose vault was just made or opened. */
export async function takeUp({ owner }: Vault): Promise<void> {
  await setMeta(LAST, owner).catch((full: unknown) => {
    if (!(full instanceof QuotaError)) throw full;
  });
  if (!signedIn) return;
  const { account, name, point } = signedIn;
  const before = await recall(owner);
  if (before && before.account !== account) return;
  await setMeta(key(owner), { account, name, point, adopted: before?.adopted ?? false });
  await adoptOnce();
}

/** The clerk of the open vault, or null while no tablet's vault is open. */
export async function shiftNow(): Promise<Shift | null> {
  const vault = current();
  if (vault?.mode !== "clerk") return null;
  const known = await recall(vault.owner);
  if (known || !signedIn) return known ?? null;
  const { account, name, point } = signedIn;
  return { account, name, point, adopted: false };
}

/** Binds the vault's database to the clerk's account, once, when there is a network. */
export async function adoptOnce(): Promise<void> {
  const vault = current();
  const shift = await shiftNow();
  if (!vault || !shift || shift.adopted || signedIn?.account !== shift.account) return;
  try {
    await syncNow(); // the server must know the vault's grant first
    await adopt("clerk");
    await setMeta(key(vault.owner), { ...shift, adopted: true });
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause; // offline, or refused: tried again at the next start
    console.warn(cause);
  }
}
