/** A draft's content as the immutable submission it becomes. */

import schema from "@dossier/data/submission.schema.json" with { type: "json" };
import type { Answers, Consent, Reading, Submission } from "../rules/submission.ts";
import { random } from "../store/bytes.ts";
import type { Content } from "./content.ts";

const ANSWERS = new Set(Object.keys(schema.$defs.answers.properties));
/** Without the look-alikes 0/O, 1/I/L and U; 29 letters, so multiples of 29 only are drawn. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const SLIP_LENGTH = 8;

/** 8 characters (39 bits) by which a dossier is followed without an account. */
export function newSlip(): string {
  const fair = 256 - (256 % LETTERS.length);
  let slip = "";
  while (slip.length < SLIP_LENGTH)
    for (const byte of random(16))
      if (byte < fair && slip.length < SLIP_LENGTH) slip += LETTERS[byte % LETTERS.length];
  return slip;
}

export const isAnswer = (name: string): boolean => ANSWERS.has(name);

/** NFC everywhere; blanks around text never matter. */
export function stored(value: unknown): unknown {
  return typeof value === "string" ? value.normalize("NFC") : value;
}

/** digests: SHA-256 of each photo's JPEG by its id. */
export function submissionOf(
  dossier: string,
  n: number,
  slip: string,
  content: Content,
  digests: ReadonlyMap<string, string>,
  now: string,
): Submission {
  const answers: Record<string, unknown> = {};
  const readings: Reading[] = [];
  const consents: Consent[] = [];
  const field = (name: string): unknown => content.fields[name]?.[0] ?? undefined;
  for (const [name, [value]] of Object.entries(content.fields)) {
    if (value === null || value === "") continue;
    if (isAnswer(name)) answers[name] = typeof value === "string" ? value.trim() : value;
    else if (name.startsWith("reading.")) readings.push(value as Reading);
    else if (name.startsWith("consent.")) consents.push(value as Consent);
  }
  const helper = field("helper") as Submission["helper"];
  return {
    schema: "submission/1",
    dossier,
    n,
    answers: answers as Answers,
    slip,
    photos: content.photos.map(({ id, kind, size, width, height }) => ({
      id,
      kind,
      sha256: digests.get(id) ?? "",
      type: "image/jpeg",
      size,
      width,
      height,
    })),
    readings,
    consents,
    declared_at: (field("declared_at") as string | undefined) ?? now,
    device_time: now,
    language: (field("language") as "vi" | "en" | undefined) ?? "vi",
    ...(helper ? { helper } : {}),
  };
}
