/** Dossiers of the open vault's account that were begun on its other devices, and how they come. */
import { ApiError, api } from "../identity/api.ts";
import { grantFor, signIn } from "../identity/index.ts";
import { read } from "../store/db.ts";
import { emit } from "../store/signals.ts";
import { syncNow } from "../sync/index.ts";
import { current, listVaults, VaultError } from "../vault/index.ts";
import { open } from "./index.ts";
import { takeKey } from "./take.ts";
import { DISCARDED } from "./write.ts";

/** A dossier as `GET /api/dossiers` tells it; what was never sent is in the state "draft". */
export interface Elsewhere {
  readonly dossier: string;
  readonly owner: string;
  readonly slip: string | null;
  readonly state: string;
  readonly updated_at: string;
}

/**
 * Open dossiers and drafts of the account that no vault of this device can open.
 * @throws ApiError offline; 401 without a session
 */
export async function elsewhere(): Promise<Elsewhere[]> {
  const vault = current();
  if (vault?.mode !== "own" || !vault.account) return [];
  const listed = await api<Elsewhere[]>("/dossiers");
  const vaults = await listVaults();
  const neighbours = vaults.filter(({ id }) => id !== vault.id).flatMap(({ owners }) => owners);
  return read(["dossiers", "meta"], async (tx) => {
    const discarded = ((await tx.get("meta", DISCARDED))?.value ?? []) as string[];
    const away: Elsewhere[] = [];
    for (const one of listed) {
      const record = await tx.get("dossiers", one.dossier);
      const here = record?.owner === one.owner && record.localKey !== undefined;
      if (!here && !neighbours.includes(one.owner) && !discarded.includes(one.dossier))
        away.push(one);
    }
    return away;
  });
}

/**
 * Brings them here: a grant for each owner, each dossier's key, its texts, and of what was not
 * sent the photos. What was cut goes on when it is asked for again. Returns how many came.
 * @throws ApiError, VaultError locked, cancelled
 */
export async function bring(): Promise<number> {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  const found = await elsewhere();
  for (const owner of new Set(found.map((one) => one.owner)))
    if (!(await hasGrant(owner))) await grantFor(vault, owner);
  const brought: Elsewhere[] = [];
  for (const one of found) if (await keyComes(one)) brought.push(one);
  await syncNow();
  // Opening one asks for its photos; one whose texts were cut is opened by its person later.
  await Promise.allSettled(
    brought.filter(({ state }) => state === "draft").map(({ dossier }) => open(dossier)),
  );
  emit({ type: "due", urgent: true });
  return brought.length;
}

const hasGrant = async (owner: string): Promise<boolean> => {
  const grant = await read(["grants"], (tx) => tx.get("grants", owner));
  return grant !== undefined && grant.state !== "refused";
};

/** False for what the server cannot give: nothing of it has arrived, or it has just gone. */
async function keyComes({ owner, dossier }: Elsewhere): Promise<boolean> {
  try {
    await justSignedIn(() => takeKey(owner, `/dossiers/${dossier}/key`, {}));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || ![404, 409].includes(error.status)) throw error;
    return false;
  }
}

/** The server wants a passkey used within the last minutes; on a slow link they may have passed. */
async function justSignedIn<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "passkey_needed") throw error;
    await signIn("applicant");
    return ask();
  }
}
