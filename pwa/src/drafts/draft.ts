import { importKey } from "../seal/index.ts";
import { newestIntakeKey, wrapKey } from "../seal/intake.ts";
import { emit } from "../store/signals.ts";
import { current, VaultError } from "../vault/index.ts";
import { unwrapLocally } from "../vault/open.ts";
import { keepCode, wishOf } from "./codes.ts";
import { KeptDraft } from "./kept.ts";
import { ledger } from "./ledger.ts";
import { digestsOf } from "./photos.ts";
import { commitRequest, sealCode, sealRequest } from "./requests.ts";
import { bookingOf, recoveryOf, unfulfilledOf } from "./status.ts";
import {
  type Booking,
  type ClaimCode,
  type Draft,
  DraftError,
  type Filed,
  type HandOverKind,
  type Recovery,
  type StatusDetail,
  type Told,
  type Wish,
} from "./types.ts";
import { removeDossier, type Sealed, saveSubmission } from "./write.ts";

/** An open dossier with what can be asked for it. Made by `open` and `create` only. */
export class OpenDraft extends KeptDraft implements Draft {
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

  async wish(kind: Wish, said = {}): Promise<void> {
    const plain = wishOf(this.dossier, kind, said);
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

  told(): Partial<StatusDetail> | null {
    return this.detail?.opened ?? null;
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

  async discard(): Promise<void> {
    if (this.submitted) throw new DraftError("submitted");
    await this.inTurn(() => removeDossier(this.dossier, this.device));
    emit({ type: "dossier", dossier: this.dossier, owner: this.book.record.owner });
    emit({ type: "due", urgent: false });
  }
}
