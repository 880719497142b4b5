import type { PhotoKind } from "../rules/submission.ts";
import { newestIntakeKey, wrapKey } from "../seal/intake.ts";
import { alone } from "../store/alone.ts";
import type { Bytes } from "../store/bytes.ts";
import type { DossierRecord } from "../store/records.ts";
import { emit } from "../store/signals.ts";
import { network } from "../sync/state.ts";
import { VaultError } from "../vault/index.ts";
import { timeOf } from "./clock.ts";
import type { DraftPhoto } from "./content.ts";
import { ledger } from "./ledger.ts";
import { chunkId, partsOf, readPhoto, sealPhoto } from "./photos.ts";
import { Replicas } from "./replicas.ts";
import { awayOf, type Ledger, sendingState } from "./sending.ts";
import { allows, correctionOf, openStatus, viewOf } from "./status.ts";
import {
  type Away,
  type Correction,
  DraftError,
  type FieldConflict,
  type FieldName,
  type FieldValues,
  type Photo,
  type SendingState,
  type StatusDetail,
  type StatusView,
} from "./types.ts";
import { expectParts, noteSlip, saveDraft } from "./write.ts";

/** Longest time in which the key of a locked vault may still seal what was entered before. */
const CLOSING_MS = 2_000;

/** One dossier while its vault is open: what is filled in and photographed, kept and brought together. */
export abstract class KeptDraft {
  private readonly listeners = new Set<() => void>();
  private readonly closing = new Set<() => Promise<unknown>>();
  protected key: CryptoKey | null = null;
  protected raw: Bytes | null = null;
  protected readonly replicas: Replicas;
  protected detail: { counter: number; opened: StatusDetail | null } | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private waiting: Promise<void> | null = null;

  protected constructor(
    readonly dossier: string,
    protected readonly device: string,
    protected book: Ledger,
  ) {
    this.replicas = new Replicas(device);
  }

  onClosing(save: () => Promise<unknown>): () => void {
    this.closing.add(save);
    return () => this.closing.delete(save);
  }

  /** The vault was locked: what was entered a moment before is kept, then the key is forgotten. */
  async close(): Promise<void> {
    const kept = Promise.allSettled([...this.closing].map((save) => save())).then(() => this.tail);
    await Promise.race([kept, new Promise((resolve) => setTimeout(resolve, CLOSING_MS))]);
    this.forget();
  }

  /** Forgets the key. */
  forget(): void {
    this.raw?.fill(0);
    this.raw = null;
    this.key = null;
    this.replicas.forget();
    this.detail = null;
    this.tell();
  }

  protected get open(): { key: CryptoKey; raw: Bytes } {
    if (!this.key || !this.raw) throw new VaultError("locked");
    return { key: this.key, raw: this.raw };
  }

  /** After any signal about this dossier: bookkeeping and status anew. */
  async refresh(): Promise<void> {
    const book = await ledger(this.dossier);
    if (!book) return this.forget(); // it was erased
    this.book = book;
    if (book.record.wiped) return this.forget(); // it left this device
    const { status } = book.record;
    if (this.key) {
      await this.replicas.read(this.key, book.record);
      if (!this.key) return this.forget(); // locked meanwhile
      if (status && this.detail?.counter !== status.counter) {
        const opened = await openStatus(this.open.key, this.dossier, status);
        this.detail = { counter: status.counter, opened };
      }
      // In turn: a photo that is just being kept is not looked for elsewhere.
      await this.inTurn(() => this.adopt());
      await this.inTurn(() => this.expectPhotos());
    }
    this.tell();
  }

  /** What another device submitted is followed here too: by the slip code that the draft holds. */
  private async adopt(): Promise<void> {
    const { submission, slip } = this.book.record;
    if (!submission || slip || !this.slip) return;
    this.book.record.slip = this.slip;
    await noteSlip(this.dossier, this.slip);
  }

  /** Photos of another device are fetched where they may be needed without a network. */
  private async expectPhotos(): Promise<void> {
    const { localKey, unread } = this.book.record;
    if (!localKey || unread || this.away() || (this.submitted && !this.correction())) return;
    const ids = this.replicas.merged.photos.flatMap(({ id, size }) =>
      Array.from({ length: partsOf(size) }, (_, part) => chunkId(this.dossier, id, part)),
    );
    if (!(await expectParts(this.dossier, ids))) return;
    this.book = (await ledger(this.dossier)) ?? this.book;
    emit({ type: "dossier", dossier: this.dossier, owner: this.book.record.owner });
    emit({ type: "due", urgent: true });
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  values(): Readonly<Partial<FieldValues>> {
    const set = Object.entries(this.replicas.merged.fields).filter(([, [value]]) => value !== null);
    return Object.fromEntries(set.map(([name, [value]]) => [name, value])) as Partial<FieldValues>;
  }

  set<N extends FieldName>(name: N, value: FieldValues[N]): Promise<void> {
    return this.setAll({ [name]: value } as Partial<FieldValues>);
  }

  unset(name: FieldName): Promise<void> {
    return this.setAll({ [name]: undefined } as Partial<FieldValues>);
  }

  async setAll(values: Partial<FieldValues>): Promise<void> {
    void this.open;
    for (const name of Object.keys(values))
      if (!this.editable(name as FieldName)) throw new DraftError("not_editable");
    this.replicas.set(values);
    await this.save();
  }

  /** Changes made while a write waits for its turn are committed together with it. */
  private save(): Promise<void> {
    this.waiting ??= this.inTurn(async () => {
      this.waiting = null;
      await this.write();
    });
    return this.waiting;
  }

  protected inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work, work);
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  protected async write(extra?: Parameters<typeof saveDraft>[1]): Promise<void> {
    const { key } = this.open;
    await alone(`draft-${this.dossier}`, async () => {
      await this.replicas.read(key, this.book.record); // another tab may have written since
      const record = await this.wrappedForServer();
      const content = this.replicas.own;
      await saveDraft({ record, device: this.device, key, content }, extra);
    });
    this.replicas.settle();
    emit({ type: "dossier", dossier: this.dossier, owner: this.book.record.owner });
    emit({ type: "due", urgent: false });
  }

  /**
   * The record with the data key wrapped to the newest intake key, once one is known. (A refresh
   * meanwhile replaces the book, and must not take the key away: what has none is not sent.)
   */
  private async wrappedForServer(): Promise<DossierRecord> {
    const { record } = this.book;
    const intake = record.key ? null : await newestIntakeKey();
    if (intake) record.key = await wrapKey(intake, record.owner, this.dossier, this.open.raw);
    return record;
  }

  get position(): string | null {
    return (this.values()["ui.position"] as string | undefined) ?? null;
  }

  async setPosition(page: string): Promise<void> {
    if (this.position !== page) await this.set("ui.position", page);
  }

  photos(): readonly Photo[] {
    return this.replicas.merged.photos.map(photoOf);
  }

  async addPhoto(
    kind: PhotoKind,
    jpeg: Blob,
    size: { width: number; height: number },
  ): Promise<Photo> {
    const { key } = this.open;
    if (!this.editable(`photo:${kind}`)) throw new DraftError("not_editable");
    const sealed = await sealPhoto(key, this.book.record.owner, this.dossier, jpeg);
    return this.inTurn(async () => {
      const back = this.replicas.photosBack();
      const { photo, replaced } = this.replicas.addPhoto({ ...sealed.photo, ...size, kind });
      await this.write({ sealed, dropped: replaced }).catch(orBack(back));
      return photoOf(photo);
    });
  }

  async removePhoto(id: string): Promise<void> {
    const photo = this.replicas.find(id);
    if (!photo) throw new DraftError("not_found");
    if (!this.editable(`photo:${photo.kind}`)) throw new DraftError("not_editable");
    await this.inTurn(async () => {
      const back = this.replicas.photosBack();
      this.replicas.removePhoto(id);
      await this.write({ dropped: [id] }).catch(orBack(back));
    });
  }

  async photo(id: string): Promise<Blob> {
    const { key } = this.open;
    const photo = this.replicas.find(id);
    if (!photo) throw new DraftError("not_found");
    return readPhoto(key, this.book.record, photo);
  }

  get slip(): string {
    return String(this.values()["ui.slip"] ?? this.book.record.slip ?? "");
  }

  get submitted(): boolean {
    return this.book.record.submission !== null;
  }

  away(): Away | null {
    return awayOf(this.book.record);
  }

  sending(): SendingState {
    return sendingState(this.book, network() === "online");
  }

  status(): StatusView | null {
    return viewOf(this.book.record, this.detail);
  }

  correction(): Correction | null {
    return correctionOf(this.status(), this.book.record.n);
  }

  editable(target: FieldName | `photo:${PhotoKind}`): boolean {
    if (this.away()) return false;
    if (!this.submitted) return true;
    const correction = this.correction();
    return correction !== null && allows(correction, target);
  }

  conflicts(): readonly FieldConflict[] {
    return this.replicas.conflicts();
  }
}

const photoOf = ({ id, kind, width, height, size, at }: DraftPhoto): Photo => ({
  id,
  kind,
  width,
  height,
  size,
  takenAt: timeOf(at),
});

const orBack =
  (back: () => void) =>
  (failed: unknown): never => {
    back();
    throw failed;
  };
