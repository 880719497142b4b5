import type { PhotoKind } from "../rules/submission.ts";
import { importKey } from "../seal/index.ts";
import { newestIntakeKey, wrapKey } from "../seal/intake.ts";
import { alone } from "../store/alone.ts";
import type { Bytes } from "../store/bytes.ts";
import type { DossierRecord } from "../store/records.ts";
import { emit } from "../store/signals.ts";
import { network } from "../sync/state.ts";
import { current, VaultError } from "../vault/index.ts";
import { unwrapLocally } from "../vault/open.ts";
import { timeOf } from "./clock.ts";
import { keepCode, wishOf } from "./codes.ts";
import type { DraftPhoto } from "./content.ts";
import { ledger } from "./ledger.ts";
import { chunkId, digestsOf, partsOf, readPhoto, sealPhoto } from "./photos.ts";
import { Replicas } from "./replicas.ts";
import { commitRequest, sealCode, sealRequest } from "./requests.ts";
import { awayOf, type Ledger, sendingState } from "./sending.ts";
import {
  allows,
  bookingOf,
  correctionOf,
  openStatus,
  recoveryOf,
  unfulfilledOf,
  viewOf,
} from "./status.ts";
import {
  type Away,
  type Booking,
  type ClaimCode,
  type Correction,
  type Draft,
  DraftError,
  type FieldConflict,
  type FieldName,
  type FieldValues,
  type Filed,
  type HandOverKind,
  type Photo,
  type Recovery,
  type SendingState,
  type StatusDetail,
  type StatusView,
  type Told,
  type Wish,
} from "./types.ts";
import {
  expectParts,
  noteSlip,
  removeDossier,
  type Sealed,
  saveDraft,
  saveSubmission,
} from "./write.ts";

/** Longest time in which the key of a locked vault may still seal what was entered before. */
const CLOSING_MS = 2_000;

/** One dossier while its vault is open. Made by `open` and `create` only. */
export class OpenDraft implements Draft {
  private readonly listeners = new Set<() => void>();
  private readonly closing = new Set<() => Promise<unknown>>();
  private key: CryptoKey | null = null;
  private raw: Bytes | null = null;
  private readonly replicas: Replicas;
  private detail: { counter: number; opened: StatusDetail | null } | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private waiting: Promise<void> | null = null;

  private constructor(
    readonly dossier: string,
    private readonly device: string,
    private book: Ledger,
  ) {
    this.replicas = new Replicas(device);
  }

  /** @throws VaultError("locked"), DraftError("not_found"), SealError */
  static async load(dossier: string): Promise<OpenDraft> {
    const book = await ledger(dossier);
    if (!book) throw new DraftError("not_found");
    const vault = current();
    const { owner, localKey } = book.record;
    if (!vault?.owners.includes(owner) || !localKey) throw new VaultError("locked");
    const draft = new OpenDraft(dossier, vault.device, book);
    draft.raw = await unwrapLocally(owner, dossier, localKey);
    draft.key = await importKey(draft.raw);
    await draft.refresh();
    return draft;
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

  private get open(): { key: CryptoKey; raw: Bytes } {
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

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(work, work);
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  private async write(extra?: Parameters<typeof saveDraft>[1]): Promise<void> {
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

  filed(): Filed {
    const { procedure, licence_class, requested_class } = this.values();
    return {
      procedure: procedure ?? null,
      held: licence_class ?? null,
      requested: requested_class ?? null,
      photos: this.photos().map(({ kind }) => kind),
    };
  }

  async handOver(kind: HandOverKind): Promise<ClaimCode> {
    if (this.away()) throw new DraftError("not_editable");
    const code = await this.inTurn(async () => {
      const { code, request } = await sealCode(this.open.key, this.dossier, kind, this.birth);
      await this.ask(request);
      return code;
    });
    keepCode(this.dossier, code, this.filed());
    return code;
  }

  recovery(): Recovery | null {
    return recoveryOf(this.book.record);
  }

  async wish(kind: Wish, purpose?: string): Promise<void> {
    const plain = wishOf(this.dossier, kind, purpose ? { purpose } : {});
    await this.inTurn(async () => this.ask(await sealRequest(this.open.key, this.dossier, plain)));
  }

  async askPoint(topic: keyof Told, kind: string, said: Record<string, unknown>): Promise<void> {
    await this.inTurn(async () => {
      const plain = wishOf(this.dossier, kind, said);
      await this.ask(await sealRequest(this.open.key, this.dossier, plain), topic);
    });
    await this.refresh();
  }

  booking<T extends keyof Told>(topic: T): Booking<T> {
    return bookingOf(
      this.book.record,
      topic,
      (this.detail?.opened?.[topic] ?? null) as Told[T] | null,
    );
  }

  unfulfilled(): string | null {
    return unfulfilledOf(this.book.record);
  }

  private get birth(): string | null {
    return (this.values().date_of_birth as string | undefined) ?? null;
  }

  private async ask(request: Sealed, topic?: string): Promise<void> {
    // What was filled in before any key was known has not been sent.
    if (!this.book.record.key) await this.write();
    const { owner } = this.book.record;
    await commitRequest(owner, this.dossier, this.open.raw, request, topic);
    emit({ type: "dossier", dossier: this.dossier, owner });
    emit({ type: "due", urgent: true });
  }

  async submit(): Promise<void> {
    const correction = this.correction();
    if (this.away()) throw new DraftError("not_editable");
    const mode = current()?.mode ?? "own";
    if (this.submitted && !correction) throw new DraftError("submitted");
    await this.inTurn(async () => {
      const { key, raw } = this.open;
      const record = (await ledger(this.dossier))?.record;
      if (!record) throw new DraftError("not_found");
      const intake = await newestIntakeKey();
      if (!intake) throw new DraftError("no_intake_key");
      const wrapped = await wrapKey(intake, record.owner, this.dossier, raw);
      await this.replicas.read(key, record);
      const content = this.replicas.merged;
      // What a clerk began and the person sends alone was not sent with a clerk's help.
      if (mode !== "clerk" && !correction) delete content.fields.helper;
      const handOver =
        mode === "clerk" ? await sealCode(key, this.dossier, "hand_over", this.birth) : null;
      await saveSubmission({
        record,
        key,
        wrapped,
        n: correction?.n ?? 1,
        slip: this.slip,
        content,
        digests: await digestsOf(key, record, content.photos),
        mode,
        ...(handOver ? { request: handOver.request } : {}),
      });
      if (handOver) keepCode(this.dossier, handOver.code, this.filed());
    });
    emit({ type: "dossier", dossier: this.dossier, owner: this.book.record.owner });
    emit({ type: "due", urgent: true });
    await this.refresh();
    if (mode === "clerk") this.forget(); // nothing here may open it any more
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

  async discard(): Promise<void> {
    if (this.submitted) throw new DraftError("submitted");
    await this.inTurn(() => removeDossier(this.dossier, this.device));
    emit({ type: "dossier", dossier: this.dossier, owner: this.book.record.owner });
    emit({ type: "due", urgent: false });
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
