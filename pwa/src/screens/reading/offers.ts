/** What photos say, beside what was entered: to be offered, never put in by itself. */
import type { Answers, Photo, PhotoReading } from "../../drafts/index.ts";
import { check, normalise } from "../../rules/index.ts";
import type { Ask } from "../applicant/asks.ts";
import type { Values } from "../applicant/steps.ts";
import { severityOf } from "../shared/explain.ts";

export interface Offer {
  readonly ask: Ask;
  /** In the stored form. */
  readonly value: string;
  /** What on the photo says so. */
  readonly source: string;
  /** What was entered says the same, something else, or nothing. */
  readonly match: "empty" | "same" | "differs";
  /** So likely right that it need not be looked at twice. */
  readonly sure: boolean;
}

/** A field that is read less surely is to be compared with the card. */
const SURE = 0.9;

/** Of one field each value once, codes before print, then the surest first. What the form could not take is left out. */
export function offersOf(
  readings: readonly PhotoReading[],
  photos: readonly Photo[],
  values: Values,
  asks: readonly Ask[],
): Offer[] {
  const here = new Set(photos.map(({ id }) => id)); // a retake has another id
  const said = readings
    .filter(({ id }) => here.has(id))
    .sort((a, b) => printed(a) - printed(b) || b.confidence - a.confidence);
  return asks.flatMap((ask) => {
    const seen = new Set<string>();
    return said.flatMap(({ field, value: read, source, confidence }): Offer[] => {
      const value = normalise(ask.name, read);
      const key = folded(ask.name, value);
      if (field !== ask.name || seen.has(key) || !fits(ask, value, values)) return [];
      seen.add(key);
      return [{ ask, value, source, match: matchOf(ask, value, values), sure: confidence >= SURE }];
    });
  });
}

const printed = ({ source }: PhotoReading): number => Number(source === "print");

function fits(ask: Ask, value: string, values: Values): boolean {
  const options = ask.options?.(values);
  if (options && !options.some((one) => one.value === value)) return false;
  const problem = check(ask.name, value as never);
  return !problem || severityOf(problem.code) !== "error";
}

function matchOf({ name }: Ask, value: string, values: Values): Offer["match"] {
  const entered = values[name];
  if (entered === undefined || entered === "") return "empty";
  let [one, other] = [folded(name, String(entered)), folded(name, value)];
  // Some papers give the year only.
  if (name === "date_of_birth" && Math.min(one.length, other.length) === 4)
    [one, other] = [one.slice(0, 4), other.slice(0, 4)];
  return one === other ? "same" : "differs";
}

/** Cards print names in capitals. Diacritics count. */
const folded = (name: keyof Answers, value: string): string =>
  normalise(name, value).replace(/\s+/g, " ").toLocaleLowerCase("vi");
