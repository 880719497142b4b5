/** How long a health certificate counts. */
import data from "@dossier/data/certificate.json";
import { addMonths, inForce } from "./tables.ts";

export interface Validity {
  /** old: valid, yet some offices still print the shorter term. */
  state: "valid" | "old" | "expired" | "future";
  /** Last valid day. */
  until: string;
  months: number;
}

export const WARN_AFTER_MONTHS = data.warn_after_months;

/** By the rule of the filing date; null before any rule. */
export function certificateValidity(concluded: string, filed: string): Validity | null {
  const row = inForce(data.validity, filed);
  if (!row) return null;
  const until = addMonths(concluded, row.months);
  const old = filed > addMonths(concluded, WARN_AFTER_MONTHS);
  const state = concluded > filed ? "future" : filed > until ? "expired" : old ? "old" : "valid";
  return { state, until, months: row.months };
}
