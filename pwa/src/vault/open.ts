/** The one open vault of this page, and the keys that exist while it is open. */
import { decrypt, encrypt, importKey } from "../seal/index.ts";
import { type Bytes, base64url, fromBase64url, utf8 } from "../store/bytes.ts";
import { onSignal } from "../store/signals.ts";
import { VaultError } from "./errors.ts";
import type { Vault } from "./types.ts";

let opened: { vault: Vault; key: CryptoKey } | null = null;
const listeners = new Set<(vault: Vault | null) => void>();

export const current = (): Vault | null => opened?.vault ?? null;

export function onVaultChange(listener: (vault: Vault | null) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of [...listeners]) listener(current());
}

/** Opens with the raw key, which is overwritten here. */
export async function hold(vault: Vault, raw: Bytes): Promise<void> {
  const key = await importKey(raw);
  raw.fill(0);
  opened = { vault, key };
  tell();
}

/** The open vault's description changed (label, guard). */
export function describe(vault: Vault): void {
  if (opened?.vault.id === vault.id) opened.vault = vault;
}

/** Forgets the open vault's key; open drafts answer `locked` from then on. */
export function lock(): void {
  if (!opened) return;
  opened = null;
  tell();
}

onSignal((signal) => {
  if (signal.type === "rekeyed" && signal.vault === opened?.vault.id) lock();
  if (signal.type !== "gone" || (opened && opened.vault.owner !== signal.owner)) return;
  opened = null;
  tell(); // also while locked: the page that would open it has to go
});

/** The open vault holds this owner's database. */
export const holds = (owner: string): boolean => opened?.vault.owners.includes(owner) ?? false;

/** @throws VaultError("locked") unless the vault that holds this owner is open */
function keyOf(owner: string): CryptoKey {
  if (!opened || !holds(owner)) throw new VaultError("locked");
  return opened.key;
}

const bound = (dossier: string): Bytes => utf8(`doibang/1\nlocal\n${dossier}`);

/** A dossier's data key under a vault's. */
export async function wrapUnder(key: CryptoKey, dossier: string, dataKey: Bytes): Promise<string> {
  return base64url(await encrypt(key, dataKey, bound(dossier)));
}

/** @throws SealError */
export async function unwrapUnder(key: CryptoKey, dossier: string, sealed: string): Promise<Bytes> {
  return decrypt(key, fromBase64url(sealed), bound(dossier));
}

/** A dossier's data key under the open vault's. @throws VaultError("locked") */
export async function wrapLocally(owner: string, dossier: string, dataKey: Bytes): Promise<string> {
  return wrapUnder(keyOf(owner), dossier, dataKey);
}

/** @throws VaultError("locked"), SealError */
export async function unwrapLocally(
  owner: string,
  dossier: string,
  sealed: string,
): Promise<Bytes> {
  return unwrapUnder(keyOf(owner), dossier, sealed);
}
