import fields from "@dossier/data/fields.json";
import laws from "@dossier/data/laws.json";
import { inLanguage } from "../../i18n/index.ts";
import { OWN, REJECT, RETURN } from "../shared/reasons.ts";
import type { DeskDossier, ReturnItem } from "./model.ts";

type Pair = { vi: string; en: string };
interface Law extends Pair {
  cite: string;
  from: string;
  to: string | null;
}

/** In the order of the form. */
const NAMES = fields.fields as Readonly<Record<string, Pair>>;
const LAWS = laws.laws as Readonly<Record<string, Law>>;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export const returnReasons = (target: string): readonly Choice[] =>
  Object.entries(RETURN[target] ?? {}).map(([value, words]) => ({
    value,
    label: inLanguage(words),
  }));

export const rejectReasons = (): readonly (Choice & { law: string })[] =>
  Object.entries(REJECT).flatMap(([value, words]) =>
    words ? [{ value, label: inLanguage(words), law: words.law }] : [],
  );

/** Laws in force on a day, for a refusal's ground. */
export const lawsOn = (day: string): readonly Choice[] =>
  Object.entries(LAWS)
    .filter(([, { from, to }]) => from <= day && (to === null || day <= to))
    .map(([value, law]) => ({ value, label: `${law.cite}. ${inLanguage(law)}` }));

/**
 * What may be asked for again: what a finding names first, then the photos, then the answers.
 * Only what the applicant can correct: a target without ready reasons is offered when found wrong.
 */
export function targetsOf({ answers, photos, findings }: DeskDossier): readonly string[] {
  const taken = new Set(photos.map(({ kind }) => `photo:${kind}`));
  const kinds = Object.keys(NAMES).filter((name) => taken.has(name));
  const known = new Set([...kinds, ...Object.keys(answers), ...Object.keys(RETURN)]);
  const found = findings.filter(({ severity }) => severity !== "notice").map(({ field }) => field);
  const rest = [...kinds, ...Object.keys(NAMES).filter((name) => name in answers)].filter(
    (target) => RETURN[target],
  );
  return [...new Set([...found.filter((target) => known.has(target)), ...rest])];
}

/** Targets that must be corrected in any case, ticked beforehand. */
export function ticked({ findings }: DeskDossier, targets: readonly string[]): readonly string[] {
  const wrong = new Set(
    findings.filter(({ severity }) => severity === "error").map(({ field }) => field),
  );
  return targets.filter((target) => wrong.has(target));
}

/** A ticked target needs a ready reason or own words; the first that has neither, else null. */
export const unexplained = (items: readonly ReturnItem[]): ReturnItem | null =>
  items.find(({ reason, text }) => (reason === "" || reason === OWN) && text === "") ?? null;
