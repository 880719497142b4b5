/** Rows of the device's database. */

export type WrapRecord =
  | { kind: "passkey"; credential: string; salt: string; wrapped: string }
  | {
      kind: "pin" | "passphrase";
      salt: string;
      /** Argon2id: memory in KiB. */
      memory: number;
      passes: number;
      wrapped: string;
    };

export interface VaultRecord {
  id: string;
  owner: string;
  device: string;
  mode: "own" | "borrowed" | "clerk";
  label?: string;
  createdAt: string;
  guardKind: WrapRecord["kind"];
  /** Gone once the vault may never be opened again. */
  guard?: WrapRecord;
  failures: number;
  retryAt: string | null;
  /** A passkey made on this device that the server does not know yet (WebAuthn JSON, no PRF). */
  unregistered?: unknown;
  /** The person's account, once it owns this vault's database. */
  account?: string;
  /** Owners of the same account from other devices, whose databases this vault holds too. */
  also?: string[];
}

export interface GrantRecord {
  owner: string;
  device: string;
  /** base64url, 32 bytes. */
  secret: string;
  /** made: the server has not seen it · posted: it has · ready: the database exists too. */
  state: "made" | "posted" | "ready" | "refused";
  reason?: string;
  /** The database was there before this device: its feed is not read from the beginning. */
  joined?: boolean;
}

/** Name in `meta`: when the last vault was wiped as on a lost device (ISO), until it was read. */
export const REPORTED_LOST = "reported_lost";

/** Text goes before photo parts. */
export const DUE_TEXT = "1";
export const DUE_CHUNK = "2";

export interface DocRow {
  owner: string;
  id: string;
  dossier: string;
  rev: string;
  /** Revision hashes, newest first, back to the last one the server acknowledged. */
  revisions: string[];
  acknowledged?: string;
  /** The current revision may be at the server: an edit must not replace it. */
  attempted?: boolean;
  /** Clear part with `sealed`, without `_` members. */
  body: Record<string, unknown>;
  /** Present while the server lacks the current revision. */
  due?: typeof DUE_TEXT | typeof DUE_CHUNK;
  /** The gate's stable reason; the document is kept and shown, not retried. */
  refused?: string;
}

/** A chunk's attachment, apart from its row so that bookkeeping never loads photos. */
export interface BytesRow {
  owner: string;
  id: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface ClearStatus {
  counter: number;
  group: string;
  code: string;
  n: number;
  submission: string | null;
  submission_digest: string | null;
  receipts: Record<string, string[]>;
  missing: string[];
  refused: Record<string, string>;
  /** The last hand-over code that the server will take, named by its request; good until then. */
  claim?: {
    kind?: "hand_over" | "lend" | "recover";
    request: string | null;
    good_from?: string;
    expires_at: string;
  } | null;
  /** With `lent`: when the dossier comes back by itself. */
  until?: string | null;
  sealed?: string;
}

export interface DossierRecord {
  dossier: string;
  owner: string;
  createdAt: string;
  updatedAt: string;
  /** Data key under the vault key; gone where only the server may still read. */
  localKey?: string;
  /** Data key under a vault key whose guard was forgotten, with that guard. */
  formerKey?: { sealed: string; guard: WrapRecord };
  /** Data key for the server. Absent until an intake key was known. */
  key?: { kid: string; wrapped: string };
  slip: string | null;
  submittedAt: string | null;
  /** The last submission's number, 0 before the first. */
  n: number;
  submission: string | null;
  submissionDigest: string | null;
  /** Digests of the sealed parts of each photo on this device. */
  parts: Record<string, string[]>;
  /** Photos of the last submission. */
  submittedPhotos: string[];
  status: ClearStatus | null;
  closedAt: string | null;
  /** Sent and removed from a shared device. */
  wiped?: boolean;
  /** The last hand-over that was asked for from here: a `request:` id. */
  asked?: string;
  /** The last request to a point by its topic: `request:` ids. */
  booked?: Record<string, string>;
  /** The last submission, where another device of the dossier wrote it. */
  adopted?: string;
  /** It was taken over, and its drafts and status have not been fetched. */
  unread?: boolean;
  /** Ids of photo parts that this device wants and has not fetched. */
  awaited?: string[];
}
