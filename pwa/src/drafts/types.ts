/** What screens see of drafts. */
import type { Answers, Consent, Helper, PhotoKind, Reading } from "../rules/submission.ts";

export type { Answers, Consent, Helper, PhotoKind, Reading } from "../rules/submission.ts";

/** Answers go into the submission; `ui.*` stays in the draft (pages' own choices). */
export type FieldValues = Answers & {
  declared_at?: string;
  language?: "vi" | "en";
  helper?: Helper;
} & { [name: `reading.${string}`]: Reading | undefined } & {
  [name: `consent.${string}`]: Consent | undefined;
} & { [name: `ui.${string}`]: unknown };

export type FieldName = Extract<keyof FieldValues, string>;

export interface Photo {
  readonly id: string;
  readonly kind: PhotoKind;
  readonly width: number;
  readonly height: number;
  /** Bytes of the JPEG. */
  readonly size: number;
  readonly takenAt: string;
}

/**
 * unsent: not submitted · waiting_network: submitted, no connection to the server ·
 * sending: `sent` of `total` documents (form and photo parts) have a durable receipt ·
 * sent: the server's status names this submission and every part by digest ·
 * accepted: the dossier has its code · action_needed: returned, or something is missing ·
 * sign_in: the grant is no longer good; nothing is lost · refused: see `reason` (stable code)
 */
export interface SendingState {
  readonly state:
    | "unsent"
    | "waiting_network"
    | "sending"
    | "sent"
    | "action_needed"
    | "accepted"
    | "sign_in"
    | "refused";
  readonly sent: number;
  readonly total: number;
  readonly reason?: string;
}

export type StatusGroup =
  | "incomplete"
  | "refused_input"
  | "accepted"
  | "action_needed"
  | "closed"
  | "erased"
  | "handed_over";

/** Where a dossier is that is not this owner's now. `until`: when what was lent comes back. */
export interface Away {
  readonly lent: boolean;
  readonly until: string | null;
}

/** hand_over: it becomes the taker's · lend: a clerk continues it for a day. */
export type HandOverKind = "hand_over" | "lend";

/**
 * keep: nobody else shall have it, its codes end. withdraw: it is not to be decided. read_photos:
 * what has arrived of a draft's photos is read there, by the text of that `version`.
 */
export type Wish = "keep" | "withdraw" | "erase" | "withdraw_consent" | "read_photos";

/** The code by which another device takes a dossier. It is kept in this page's memory only. */
export interface ClaimCode {
  readonly kind: HandOverKind;
  /** 128 bits, base64url: for the QR. */
  readonly secret: string;
  /** 8 characters to type, good together with the birth date. */
  readonly typed: string;
  /** The document that asked for it; null for one that the server made known at once. */
  readonly request: string | null;
  /** Good until then, where the server has said it. */
  readonly expiresAt: string | null;
}

/** `goodFrom`: from then on (ISO) the code works. */
export interface Recovery {
  readonly goodFrom: string;
}

/** What a slip may say of a dossier: nothing of the person. */
export interface Filed {
  readonly procedure: string | null;
  readonly held: string | null;
  readonly requested: string | null;
  readonly photos: readonly PhotoKind[];
}

export interface Finding {
  code: string;
  field: string | null;
  severity: "info" | "warning" | "error";
  params: Record<string, unknown>;
}

export interface Correction {
  /** The submission number that is asked for. */
  n: number;
  /** target: an answer's name, or `photo:<kind>`. */
  items: { target: string; reason: string; text: string }[];
  note?: string | null;
}

export interface Fee {
  amount: number;
  currency: "VND";
  state: "due" | "paid" | "refunded" | "waived";
  /** The regulation that the amount comes from, as the tables name it. */
  basis: string | null;
  /** pending: begun, and the gateway has not said how it ended. */
  payment: { state: string; at: string } | null;
}

/** What one photo of a draft says about one field; `photo` is the kind of the photo `id`. */
export interface PhotoReading {
  photo: string;
  id: string;
  field: string;
  value: string;
  confidence: number;
  /** What it stands in, as the tables name it: a code or the print of a paper. */
  source: string;
}

/** A photo of a draft that should be taken again; `problem`: why, as the tables name it. */
export interface PhotoRetake {
  photo: string;
  id: string;
  problem: string;
}

/** The server's sealed status, opened (shape: server/auth/README.md). */
export interface StatusDetail extends Partial<Told> {
  state: string;
  dossier_code: string | null;
  filed_at: string | null;
  promised_on: string | null;
  /** The promised day that will not be kept; absent from what older servers wrote. */
  apology?: { promised_on: string; reason: string } | null;
  channel: string | null;
  timeline: { state: string; at: string }[];
  wait: {
    what: "certificate" | "authority" | "payment";
    since: string;
    next_try: string | null;
  } | null;
  findings: Finding[];
  correction: Correction | null;
  decision: {
    outcome: "approved" | "rejected";
    reason: string | null;
    text: string | null;
    law: string | null;
    at: string;
  } | null;
  fee: Fee | null;
  consignment: { number: string | null; state: string; point: string | null } | null;
  /** While photos of a draft are read: those that were, and what they say. */
  photos_read?: string[];
  readings?: PhotoReading[];
  retakes?: PhotoRetake[];
}

/** A number at a point; times are HH:MM in Vietnam. */
export interface QueueNumber {
  number: number;
  point: string;
  day: string;
  from: string;
  to: string;
  state: "waiting" | "called" | "served" | "missed" | "cancelled";
  missed: number;
  counter: string | null;
}

/** What the server said to the last request about a queue, and the number that came of one. */
export interface QueueTold {
  answer: {
    request: string;
    code: string;
    point?: string;
    next?: { day: string; part: string; from: string; to: string } | null;
  };
  number: QueueNumber | null;
}

export interface RetestTold {
  answer: {
    request: string;
    code: "asked" | "confirmed" | "declined";
    week: string;
    slip: string;
    day?: string;
    time?: string;
    place?: string;
    reason?: string;
  };
}

export interface PickUpTold {
  answer: { request: string; code: string; point: string };
}

/** What a dossier may ask of a point, by the member of the sealed status that answers it. */
export interface Told {
  queue: QueueTold;
  retest: RetestTold;
  pick_up: PickUpTold;
}

/** `pending`: asked, and not answered yet. */
export interface Booking<T extends keyof Told> {
  readonly pending: boolean;
  readonly told: Told[T] | null;
}

export interface StatusView {
  readonly group: StatusGroup;
  /** Machine code: a state, or `incomplete`, `unreadable`, `bad_submission`, `superseded`, … */
  readonly code: string;
  readonly counter: number;
  /** Photos of which parts are missing at the server, with how many of how many parts. */
  readonly missing: { photo: string; missing: number; of: number }[];
  /** null while the vault is locked, or when the server sent no sealed part. */
  readonly detail: StatusDetail | null;
}

/** One line of "Hồ sơ của tôi". Clear data only, so it is the same while locked. */
export interface DossierRow {
  readonly dossier: string;
  readonly owner: string;
  /** Slip code, once submitted. */
  readonly slip: string | null;
  readonly updatedAt: string;
  readonly submittedAt: string | null;
  readonly sending: SendingState;
  readonly group: StatusGroup | null;
  readonly code: string | null;
  /** The open vault holds the dossier's key. */
  readonly readable: boolean;
  /** Its key lies under a PIN or passphrase that was forgotten, and the server had none. */
  readonly former?: boolean;
  /** Until when the last hand-over code is good, once the server can give the dossier out. */
  readonly claim?: { readonly request: string | null; readonly expiresAt: string } | null;
  readonly away?: Away | null;
  /** It was taken over, and its texts are on their way. */
  readonly arriving?: boolean;
  /** Photo parts on their way to this device. */
  readonly awaited?: number;
}

/** A field that two devices changed without knowing of each other; the latest is in force. */
export interface FieldConflict {
  readonly field: FieldName;
  readonly values: readonly {
    device: string;
    value: unknown;
    /** ISO, by that device's clock. */
    at: string;
  }[];
}

export interface Draft {
  readonly dossier: string;
  values(): Readonly<Partial<FieldValues>>;
  /** Resolves after the committed transaction. @throws QuotaError, VaultError("locked"), DraftError */
  set<N extends FieldName>(name: N, value: FieldValues[N]): Promise<void>;
  /** Several fields, one transaction. `undefined` unsets. */
  setAll(values: Partial<FieldValues>): Promise<void>;
  unset(name: FieldName): Promise<void>;
  /** The page to return to, e.g. "identity"; null at the start. */
  readonly position: string | null;
  setPosition(page: string): Promise<void>;

  photos(): readonly Photo[];
  /** Seals and stores the photo, replacing one of the same kind. Resolves after the commit. */
  addPhoto(kind: PhotoKind, jpeg: Blob, size: { width: number; height: number }): Promise<Photo>;
  photo(id: string): Promise<Blob>;
  removePhoto(id: string): Promise<void>;

  /** 8 characters, made with the draft; shown after submitting. */
  readonly slip: string;
  /** Writes the immutable submission and starts sending. @throws DraftError */
  submit(): Promise<void>;
  readonly submitted: boolean;

  sending(): SendingState;
  status(): StatusView | null;
  /** What the officer marked, while a correction is open; else null. */
  correction(): Correction | null;
  /** Before submitting everything; in a correction only what was marked; else nothing. */
  editable(target: FieldName | `photo:${PhotoKind}`): boolean;

  /** Setting the field again settles it. */
  conflicts(): readonly FieldConflict[];

  /** A fresh code for another device; the one before is void. @throws DraftError no_intake_key */
  handOver(kind: HandOverKind): Promise<ClaimCode>;
  /** Not null while a clerk's code for somebody who says they lost this device may be used. */
  recovery(): Recovery | null;
  /** Tells the server, now or when there is a network. @throws DraftError */
  /** purpose: of what was agreed to, with `withdraw_consent`; `notices`: all messages. */
  wish(kind: Wish, said?: { purpose?: string; version?: string }): Promise<void>;
  /** The sealed part of the newest status; of a draft only what was asked for it. */
  told(): Partial<StatusDetail> | null;
  /** Asks something of a point, now or when there is a network. @throws DraftError */
  askPoint(topic: keyof Told, kind: string, said: Record<string, unknown>): Promise<void>;
  booking<T extends keyof Told>(topic: T): Booking<T>;
  /** Why the server did not do what was wished or asked; null when nothing was refused. */
  unfulfilled(): string | null;
  /** Not null while the dossier is with somebody else: then it can only be read. */
  away(): Away | null;
  filed(): Filed;

  /** Called after every change of values, photos, sending state or status. */
  subscribe(listener: () => void): () => void;
  /** Called when the vault was locked, while the draft can still keep what was just entered. */
  onClosing(save: () => Promise<unknown>): () => void;
  /** Removes the dossier from this device if nothing of it was submitted. */
  discard(): Promise<void>;
}

/**
 * not_editable · photo_too_large · not_a_photo · not_found · no_intake_key · submitted ·
 * photos_awaited: photos taken on another device have not all come to this one
 */
export class DraftError extends Error {
  constructor(readonly code: string) {
    super(`draft: ${code}`);
  }
}
