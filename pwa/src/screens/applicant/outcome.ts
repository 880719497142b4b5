import regimes from "@dossier/data/regimes.json";
import data from "@dossier/data/triage.json";
import { inForce, today, triage } from "../../rules/index.ts";
import type { Values } from "./steps.ts";

type Pair = { vi: string; en: string };

export interface Outcome {
  readonly title: Pair;
  readonly why: Pair;
  readonly bring: readonly Pair[];
  readonly law: string | null;
}

/** What the rules say of a case that belongs to a counter, in the words of the data. */
export function outcomeOf(values: Values): Outcome {
  const outcomes = data.outcomes as Readonly<Record<string, Outcome>>;
  const found = outcomes[triage(values).reason ?? "exchange"];
  if (!found) throw new Error(`no words for outcome ${triage(values).reason}`);
  return { ...found, law: found.law ?? expiryLaw() };
}

/** The provision behind the bands of overdue licences. */
const expiryLaw = (on = today()): string | null => inForce(regimes.expiry.rules, on)?.law ?? null;

/** The counter that takes such cases today. */
export const counterToday = (on = today()): Pair | null =>
  inForce(regimes.regimes, on)?.counter ?? null;
