import type { NewPasskey } from "./passkey.ts";

/** Whose phone it is. `clerk` is a shared tablet. */
export type Mode = "own" | "borrowed" | "clerk";

export type GuardKind = "passkey" | "pin" | "passphrase";

/** What the person proves. `passkey.passkey`: one just made by registering, with its PRF result. */
export type Guard =
  | { kind: "passkey"; passkey?: NewPasskey }
  | { kind: "pin"; pin: string }
  | { kind: "passphrase"; words: string };

export interface VaultInfo {
  /** 32 hex; the same as its own owner's. */
  readonly id: string;
  /** Whose database gets what is begun here. */
  readonly owner: string;
  /** Every owner whose database this vault holds: its own, and those of the account's other devices. */
  readonly owners: readonly string[];
  readonly device: string;
  readonly mode: Mode;
  readonly label?: string;
  readonly guard: GuardKind;
  readonly createdAt: string;
  /** No guard is left: a borrowed phone's vault after sending. It can never be opened again. */
  readonly sealed: boolean;
  /** The account that owns this vault's database; absent while there is none. */
  readonly account?: string;
  /** After wrong tries: the earliest time of the next try (ISO), else null. */
  readonly retryAt: string | null;
}

export type Vault = VaultInfo;
