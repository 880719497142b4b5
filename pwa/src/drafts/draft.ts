import type { PhotoKind } from "../rules/submission.ts";
import { importKey } from "../seal/index.ts";
import { newestIntakeKey, wrapKey } from "../seal/intake.ts";
import { type Bytes, sha256 } from "../store/bytes.ts";
import { read } from "../store/db.ts";
import { emit } from "../store/signals.ts";
import { network } from "../sync/state.ts";
import { current, VaultError } from "../vault/index.ts";
import { unwrapLocally } from "../vault/open.ts";
import { Clock, type Stamp, timeOf } from "./clock.ts";
import { type Content, conflictsOf, type DraftPhoto, merge, stampsOf } from "./content.ts";
import { readContents } from "./documents.ts";
import { ledger } from "./ledger.ts";
import { chunkId, openPhoto, partsOf, sealPhoto } from "./photos.ts";
import { groupOf, type Ledger, missingPhotos, sendingState } from "./sending.ts";
import { openStatus } from "./status.ts";
import { stored } from "./submission.ts";
import {
  type Correction,
  type Draft,
  DraftError,
  type FieldConflict,
  type FieldName,
  type FieldValues,
  type Photo,
  type SendingState,
  type StatusDetail,
  type StatusView,
} from "./types.ts";
import { removeDossier, saveDraft, saveSubmission } from "./write.ts";

/** What may change in a correction besides what was marked. */
const ALONGSIDE = /^(?:ui\.|consent\.|reading\.|declared_at$|language$)/;

/** One dossier while its vault is open. Made by `open` and `create` only. */
export class OpenDraft implements Draft {
  private readonly clock = new Clock();
  private readonly listeners = new Set<() => void>();
  private key: CryptoKey | null = null;
  private raw: Bytes | null = null;
  private contents = new Map<string, Content>();
  private merged: Content = merge([]);
  private detail: { counter: number; opened: StatusDetail | null } | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private waiting: Promise<void> | null = null;

  private constructor(
    readonly dossier: string,
    private readonly device: string,
    private book: Ledger,
  ) {}

  /** @throws VaultError("locked"), DraftError("not_found"), SealError */
  static async load(dossier: string): Promise<OpenDraft> {
    const book = await ledger(dossier);
    if (!book) throw new DraftError("not_found");
    const vault = current();
    if (vault?.owner !== book.record.owner || !book.record.localKey) throw new VaultError("locked");
    const draft = new OpenDraft(dossier, vault.device, book);
    draft.raw = await unwrapLocally(vault.owner, dossier, book.record.localKey);
    draft.key = await importKey(draft.raw);
    await draft.reload();
    await draft.refresh();
    return draft;
  }

  /** Forgets the key: the vault was locked. */
  forget(): void {
    this.raw?.fill(0);
    this.raw = null;
    this.key = null;
    this.contents.clear();
    this.merged = merge([]);
    this.detail = null;
    this.tell();
  }

  private get open(): { key: CryptoKey; raw: Bytes } {
    if (!this.key || !this.raw) throw new VaultError("locked");
    return { key: this.key, raw: this.raw };
  }

  private get own(): Content {
    let own = this.contents.get(this.device);
    if (!own) {
      own = { fields: {}, photos: [], removed: {} };
      this.contents.set(this.device, own);
    }
    return own;
  }

  /** Reads this dossier's drafts, own and other devices', from the store. */
  private async reload(): Promise<void> {
    const known = this.contents.has(this.device) ? this.device : undefined;
    const read = await readContents(this.open.key, this.book.record, this.device, known);
    const own = this.contents.get(this.device);
    if (own) read.set(this.device, own);
    this.contents = read;
    for (const content of this.contents.values())
      for (const at of stampsOf(content)) this.clock.see(at);
    this.merged = merge([...this.contents.values()]);
  }

  /** After any signal about this dossier: bookkeeping and status anew. */
  async refresh(): Promise<void> {
    const book = await ledger(this.dossier);
    if (!book) return;
    this.book = book;
    const { status } = book.record;
    if (this.key) {
      await this.reload();
      if (status && this.detail?.counter !== status.counter) {
        const opened = await openStatus(this.open.key, this.dossier, status);
        this.detail = { counter: status.counter, opened };
      }
    }
    this.tell();
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  values(): Readonly<Partial<FieldValues>> {
    const set = Object.entries(this.merged.fields).filter(([, [value]]) => value !== null);
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
    const at = this.clock.tick();
    for (const [name, value] of Object.entries(values)) this.enter(name, stored(value) ?? null, at);
    await this.save();
  }

  private enter(name: string, value: unknown, at: Stamp): void {
    const inForce = this.merged.fields[name];
    const mine = this.own.fields[name];
    const replaced = inForce && inForce[1] !== mine?.[1] ? inForce[1] : mine?.[2];
    this.own.fields[name] = replaced ? [value, at, replaced] : [value, at];
    this.merged = merge([...this.contents.values()]);
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
    await this.wrapForServer();
    await saveDraft(
      { record: this.book.record, device: this.device, key, content: this.own },
      extra,
    );
    this.merged = merge([...this.contents.values()]);
    emit({ type: "dossier", dossier: this.dossier, owner: this.book.record.owner });
    emit({ type: "due", urgent: false });
  }

  /** Wraps the data key to the newest intake key, once one is known. */
  private async wrapForServer(): Promise<void> {
    const { record } = this.book;
    if (record.key) return;
    const intake = await newestIntakeKey();
    if (intake) record.key = await wrapKey(intake, record.owner, this.dossier, this.open.raw);
  }

  get position(): string | null {
    return (this.values()["ui.position"] as string | undefined) ?? null;
  }

  async setPosition(page: string): Promise<void> {
    if (this.position !== page) await this.set("ui.position", page);
  }

  photos(): readonly Photo[] {
    return this.merged.photos.map(photoOf);
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
      const before = structuredClone(this.own);
      const replaced = this.merged.photos.filter((photo) => photo.kind === kind);
      const photo = { ...sealed.photo, ...size, kind, at: this.clock.tick() };
      this.own.photos = [...this.own.photos.filter((one) => one.kind !== kind), photo];
      for (const { id } of replaced) this.own.removed[id] = this.clock.tick();
      await this.orBack(before, { sealed, dropped: replaced.map(({ id }) => id) });
      return photoOf(photo);
    });
  }

  async removePhoto(id: string): Promise<void> {
    const photo = this.merged.photos.find((one) => one.id === id);
    if (!photo) throw new DraftError("not_found");
    if (!this.editable(`photo:${photo.kind}`)) throw new DraftError("not_editable");
    await this.inTurn(async () => {
      const before = structuredClone(this.own);
      this.own.photos = this.own.photos.filter((one) => one.id !== id);
      this.own.removed[id] = this.clock.tick();
      await this.orBack(before, { dropped: [id] });
    });
  }

  /** Photos that did not get onto the disk are not shown as if they had. */
  private async orBack(before: Content, extra: Parameters<typeof saveDraft>[1]): Promise<void> {
    try {
      await this.write(extra);
    } catch (error) {
      this.own.photos = before.photos;
      this.own.removed = before.removed;
      this.merged = merge([...this.contents.values()]);
      throw error;
    }
  }

  async photo(id: string): Promise<Blob> {
    const { key } = this.open;
    const photo = this.merged.photos.find((one) => one.id === id);
    if (!photo) throw new DraftError("not_found");
    const { owner } = this.book.record;
    const rows = await read(["bytes"], (tx) =>
      Promise.all(
        Array.from({ length: partsOf(photo.size) }, (_, part) =>
          tx.get("bytes", [owner, chunkId(this.dossier, id, part)]),
        ),
      ),
    );
    return openPhoto(key, rows);
  }

  get slip(): string {
    return String(this.values()["ui.slip"] ?? this.book.record.slip ?? "");
  }

  get submitted(): boolean {
    return this.book.record.submission !== null;
  }

  async submit(): Promise<void> {
    const correction = this.correction();
    if (this.submitted && !correction) throw new DraftError("submitted");
    await this.inTurn(async () => {
      const { key, raw } = this.open;
      const record = (await ledger(this.dossier))?.record;
      if (!record) throw new DraftError("not_found");
      const intake = await newestIntakeKey();
      if (!intake) throw new DraftError("no_intake_key");
      const wrapped = await wrapKey(intake, record.owner, this.dossier, raw);
      const mode = current()?.mode ?? "own";
      const n = correction?.n ?? 1;
      await saveSubmission({
        record,
        key,
        wrapped,
        n,
        slip: this.slip,
        content: this.merged,
        digests: await this.digests(),
        mode,
      });
    });
    emit({ type: "dossier", dossier: this.dossier, owner: this.book.record.owner });
    emit({ type: "due", urgent: true });
    await this.refresh();
  }

  /** Of the photos as they lie on this device, so that none is promised that cannot be read. */
  private async digests(): Promise<Map<string, string>> {
    const digests = new Map<string, string>();
    for (const { id } of this.merged.photos) {
      const jpeg = await this.photo(id);
      digests.set(id, await sha256(new Uint8Array(await jpeg.arrayBuffer())));
    }
    return digests;
  }

  sending(): SendingState {
    return sendingState(this.book, network() === "online");
  }

  status(): StatusView | null {
    const { record } = this.book;
    const group = groupOf(record.status);
    if (!record.status || !group) return null;
    const { code, counter } = record.status;
    const detail = this.detail?.counter === counter ? this.detail.opened : null;
    return { group, code, counter, missing: missingPhotos(record), detail };
  }

  correction(): Correction | null {
    const status = this.status();
    const asked = status?.detail?.correction ?? null;
    if (status?.group !== "action_needed" || !asked) return null;
    return asked.n > this.book.record.n ? asked : null;
  }

  editable(target: FieldName | `photo:${PhotoKind}`): boolean {
    if (!this.submitted) return true;
    const correction = this.correction();
    if (!correction) return false;
    return ALONGSIDE.test(target) || correction.items.some((item) => item.target === target);
  }

  conflicts(): readonly FieldConflict[] {
    return conflictsOf(this.contents);
  }

  async discard(): Promise<void> {
    if (this.submitted) throw new DraftError("submitted");
    await this.inTurn(() => removeDossier(this.dossier));
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
