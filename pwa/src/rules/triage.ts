/** Which procedure a case belongs to on its filing date. */
import procedures from "@dossier/data/procedures.json";
import regimes from "@dossier/data/regimes.json";
import data from "@dossier/data/triage.json";
import { exchangeChoices, findClass } from "./classes.ts";
import type { Answers } from "./submission.ts";
import { addSpan, type Dated, daysBetween, fits, inForce, isDay, type Span } from "./tables.ts";

export interface Expiry {
  /** Until the printed day, negative when overdue; null for unlimited or not asked yet. */
  daysLeft: number | null;
  test: "theory" | "theory_practice" | null;
}

interface Band {
  below: Span | null;
  test: Expiry["test"];
}

/** Bands are counted from the printed day, which is itself still valid. */
export function expiryState(expiry: string | undefined, filed: string): Expiry {
  if (!expiry || expiry === "unlimited" || !isDay(expiry)) return { daysLeft: null, test: null };
  const rules = regimes.expiry.rules as readonly (Dated & { bands: readonly Band[] })[];
  const bands = inForce(rules, filed)?.bands ?? [];
  const band = bands.find(({ below }) => below === null || filed < addSpan(expiry, below));
  return { daysLeft: daysBetween(filed, expiry), test: band?.test ?? null };
}

/** Letters and digits only: no accents, đ as d, y as i. */
export function fold(text: string): string {
  const bare = text.normalize("NFD").toLowerCase().replaceAll("đ", "d").replaceAll("y", "i");
  return bare.replace(/[^\p{L}\p{N}]/gu, "");
}

const VIETNAMESE = new Set(data.vietnamese.map(fold));

export interface Outcome {
  /** Key of data/triage.json's outcomes; "exchange" is the way on. */
  key: string;
  procedure: string;
  fileOnline: boolean;
  expiry: Expiry;
}

type Rule = { when: Record<string, readonly unknown[] | undefined>; outcome: string };
type OutcomeRow = { procedure: string; counter_only?: boolean };

export const procedureRow = (id: string): (typeof procedures.procedures)[number] => {
  const row = procedures.procedures.find((one) => one.id === id);
  if (!row) throw new RangeError(`no procedure ${id}`);
  return row;
};

/** From the answers given so far; what is not answered yet counts as harmless. */
export function triageOutcome(answers: Partial<Answers>, filed: string): Outcome {
  const { nationality, licence_regime: regime, licence_class: held } = answers;
  const expiry = expiryState(answers.licence_expiry, filed);
  const facts = {
    ...answers,
    test: expiry.test,
    holder_foreign: Boolean(nationality?.trim()) && !VIETNAMESE.has(fold(nationality ?? "")),
    class_exchangeable: !findClass(regime, held) || exchangeChoices(regime, held, filed).length > 0,
  };
  const key = (data.rules as Rule[]).find(({ when }) => fits(when, facts))?.outcome ?? "exchange";
  const row = (data.outcomes as Record<string, OutcomeRow>)[key];
  if (!row) throw new RangeError(`no outcome ${key}`);
  const online = inForce(procedureRow(row.procedure).online, filed)?.value === true;
  return { key, procedure: row.procedure, fileOnline: online && !row.counter_only, expiry };
}
