/** One dossier's content as each device wrote it, and what they come to together. */
import type { DossierRecord } from "../store/records.ts";
import { Clock, compareStamps, type Stamp } from "./clock.ts";
import {
  type Content,
  conflictsOf,
  type DraftPhoto,
  emptyContent,
  merge,
  stampsOf,
} from "./content.ts";
import { readContents } from "./documents.ts";
import { stored } from "./submission.ts";
import type { FieldConflict } from "./types.ts";

export class Replicas {
  private readonly clock = new Clock();
  private contents = new Map<string, Content>();
  /** What is in force: of each field and kind of photo, the latest of all devices. */
  merged: Content = emptyContent();

  constructor(private readonly device: string) {}

  /** What this device wrote; only this is changed and saved here. */
  get own(): Content {
    let own = this.contents.get(this.device);
    if (!own) {
      own = emptyContent();
      this.contents.set(this.device, own);
    }
    return own;
  }

  /**
   * From the store. Of one's own, edits here may be ahead of the store, and another tab's behind
   * it: the latest of each field stays.
   */
  async read(key: CryptoKey, record: DossierRecord): Promise<void> {
    const found = await readContents(key, record, this.device);
    const own = this.contents.get(this.device);
    if (own) found.set(this.device, merge([found.get(this.device) ?? emptyContent(), own]));
    this.contents = found;
    for (const content of found.values()) for (const at of stampsOf(content)) this.clock.see(at);
    this.settle();
  }

  forget(): void {
    this.contents.clear();
    this.settle();
  }

  /** After a commit: photos that are not on the disk yet are not shown as if they were. */
  settle(): void {
    this.merged = merge([...this.contents.values()]);
  }

  /** Answers given together carry one stamp. `undefined` unsets. */
  set(values: Readonly<Record<string, unknown>>): void {
    const at = this.clock.tick();
    for (const [name, value] of Object.entries(values)) {
      const replaced = this.lastElsewhere(name);
      const kept = stored(value) ?? null;
      this.own.fields[name] = replaced ? [kept, at, replaced] : [kept, at];
      this.settle();
    }
  }

  /** Of the values that other devices gave a field, and that are seen here, the latest's stamp. */
  private lastElsewhere(name: string): Stamp | undefined {
    const stamps = [...this.contents].flatMap(([device, { fields }]) => {
      const entry = fields[name];
      if (!entry) return [];
      return device === this.device ? entry.slice(2) : [entry[1]];
    }) as Stamp[];
    return stamps.sort(compareStamps).at(-1);
  }

  find(photo: string): DraftPhoto | undefined {
    return this.merged.photos.find(({ id }) => id === photo);
  }

  /** In place of those of its kind, once settled. Returns it and the ids of the replaced ones. */
  addPhoto(taken: Omit<DraftPhoto, "at">): { photo: DraftPhoto; replaced: string[] } {
    const replaced = this.merged.photos
      .filter(({ kind }) => kind === taken.kind)
      .map(({ id }) => id);
    const photo = { ...taken, at: this.clock.tick() };
    this.own.photos = [...this.own.photos.filter(({ kind }) => kind !== taken.kind), photo];
    for (const id of replaced) this.own.removed[id] = this.clock.tick();
    return { photo, replaced };
  }

  removePhoto(photo: string): void {
    this.own.photos = this.own.photos.filter(({ id }) => id !== photo);
    this.own.removed[photo] = this.clock.tick();
  }

  /** What brings the photos back as they are now: one that did not get onto the disk is not kept. */
  photosBack(): () => void {
    const { photos, removed } = structuredClone(this.own);
    return () => {
      Object.assign(this.own, { photos, removed });
      this.settle();
    };
  }

  conflicts(): readonly FieldConflict[] {
    return conflictsOf(this.contents);
  }
}
