/**
 * Vaults: the local data of one person on one device, and the lock on it.
 *
 * A vault's key exists only in the memory of the page that unlocked it. Everything below the lock
 * (documents, chunks, grants) is already sealed, so sending never needs an open vault.
 */

/** Whose phone it is. `clerk` is a shared tablet. */
export type Mode = "own" | "borrowed" | "clerk";

export type GuardKind = "passkey" | "pin" | "passphrase";

/** What the person proves to open a vault. A PIN has 6–12 digits; a passphrase has five words. */
export type Guard =
  | { kind: "passkey" }
  | { kind: "pin"; pin: string }
  | { kind: "passphrase"; words: string };

export interface VaultInfo {
  /** 32 hex; the same as the owner's: one vault holds one owner. */
  readonly id: string;
  readonly owner: string;
  readonly device: string;
  readonly mode: Mode;
  readonly label?: string;
  readonly guard: GuardKind;
  readonly createdAt: string;
  /** No guard is left: a borrowed phone's vault after sending. It can never be opened again. */
  readonly sealed: boolean;
  /** After wrong tries: the earliest time of the next try (ISO), else null. */
  readonly retryAt: string | null;
}

export type Vault = VaultInfo;

/**
 * Why a vault did not open or was not made.
 * wrong_secret: PIN or passphrase wrong · wait: too many wrong tries, see `retryAt` ·
 * no_prf: the authenticator gives no PRF result, offer a PIN or passphrase ·
 * cancelled: the person or the authenticator declined · sealed: no guard is left ·
 * weak: PIN or words do not have the demanded form · unknown: no such vault
 */
export type VaultErrorCode =
  | "wrong_secret"
  | "wait"
  | "no_prf"
  | "cancelled"
  | "sealed"
  | "weak"
  | "unknown"
  | "locked";

export class VaultError extends Error {
  constructor(
    readonly code: VaultErrorCode,
    readonly retryAt: string | null = null,
  ) {
    super(`vault: ${code}`);
  }
}

/** Every vault of this device, newest first. Nothing personal but the label its owner typed. */
export declare function listVaults(): Promise<VaultInfo[]>;

/** Makes a vault with a fresh owner id, device id and grant, and opens it. Needs no network. */
export declare function createVault(init: {
  mode: Mode;
  guard: Guard;
  label?: string;
}): Promise<Vault>;

/** @throws VaultError */
export declare function unlock(id: string, guard: Guard): Promise<Vault>;

/** Forgets the open vault's key; open drafts answer `locked` from then on. */
export declare function lock(): void;

export declare function current(): Vault | null;

/** Called after every unlock and lock. Returns the function that ends the subscription. */
export declare function onVaultChange(listener: (vault: Vault | null) => void): () => void;

/** Five Vietnamese words without diacritics, drawn on this device (12 bits each). */
export declare function newPassphrase(): Promise<string>;

/** Idle minutes until the vault locks itself; 0 switches it off. */
export declare function setIdleMinutes(minutes: number): Promise<void>;
export declare function idleMinutes(): number;

/** May this device's authenticator give a PRF result? A hint only: the creation decides. */
export declare function passkeyLikely(): Promise<boolean>;
