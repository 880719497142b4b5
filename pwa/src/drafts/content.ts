/** The sealed part of a draft document, and how several devices' drafts become one. */
import type { Photo as SubmittedPhoto } from "../rules/submission.ts";
import { compareStamps, type Stamp, timeOf } from "./clock.ts";
import type { FieldConflict, FieldName } from "./types.ts";

/** The submission adds the digest of what is stored then; an edit on a slow link goes without. */
export interface DraftPhoto extends Omit<SubmittedPhoto, "sha256" | "type"> {
  at: Stamp;
}

export type Entry = [value: unknown, at: Stamp, replaced?: Stamp];

export interface Content {
  /**
   * Value, stamp, and the stamp of the other device's value that it replaced knowingly.
   * A value of null stands for "unset": it must win over an older answer.
   */
  fields: Record<string, Entry>;
  photos: DraftPhoto[];
  removed: Record<string, Stamp>;
}

export const emptyContent = (): Content => ({ fields: {}, photos: [], removed: {} });

/** Field by field the latest wins; one photo of a kind, the latest that was not removed. */
export function merge(drafts: readonly Content[]): Content {
  const merged = emptyContent();
  for (const draft of drafts) {
    for (const [name, entry] of Object.entries(draft.fields)) {
      const known = merged.fields[name];
      if (!known || compareStamps(entry[1], known[1]) > 0) merged.fields[name] = entry;
    }
    Object.assign(merged.removed, draft.removed);
  }
  const latest = new Map<string, DraftPhoto>();
  for (const photo of drafts.flatMap((draft) => draft.photos)) {
    const known = latest.get(photo.kind);
    if (photo.id in merged.removed) continue;
    if (!known || compareStamps(photo.at, known.at) > 0) latest.set(photo.kind, photo);
  }
  merged.photos = [...latest.values()].sort((a, b) => compareStamps(a.at, b.at));
  return merged;
}

export const stampsOf = (content: Content): Stamp[] => [
  ...Object.values(content.fields).map(([, at]) => at),
  ...content.photos.map(({ at }) => at),
  ...Object.values(content.removed),
];

/** Fields of which the value in force replaced another device's later one without knowing it. */
export function conflictsOf(drafts: ReadonlyMap<string, Content>): FieldConflict[] {
  const inForce = merge([...drafts.values()]).fields;
  return Object.entries(inForce).flatMap(([field, [value, at, replaced = "0.0"]]) => {
    const values = [...drafts].flatMap(([device, { fields }]) => {
      const entry = fields[field];
      if (!entry) return [];
      const winner = entry[1] === at;
      const unknown = compareStamps(entry[1], replaced) > 0;
      const other = JSON.stringify(entry[0]) !== JSON.stringify(value);
      const shown = { device, value: entry[0], at: timeOf(entry[1]) };
      return winner || (unknown && other) ? [shown] : [];
    });
    return values.length > 1 ? [{ field: field as FieldName, values }] : [];
  });
}
