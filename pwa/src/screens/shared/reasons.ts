/** The ready reasons of a decision, and a decision in the words that the applicant reads. */
import reasons from "@dossier/data/reasons.json";
import { inLanguage } from "../../i18n/index.ts";
import { nameOf } from "./explain.ts";

type Pair = { vi: string; en: string };

export const RETURN = reasons.return as Readonly<
  Record<string, Readonly<Record<string, Pair>> | undefined>
>;
export const REJECT = reasons.reject as Readonly<
  Record<string, (Pair & { law: string }) | undefined>
>;

/** An officer's own words stand alone under this reason. */
export const OWN = "own";

/** A ready reason comes before own words; an outside authority writes its reason out. */
function said(ready: Pair | undefined, reason: string, text: string): string {
  const first = ready ? inLanguage(ready) : reason === OWN ? "" : reason;
  return [first, text].filter(Boolean).join(" ");
}

/** What to correct and why. */
export function returnWords(item: { target: string; reason: string; text: string }): string {
  const { target, reason, text } = item;
  const ready = RETURN[target]?.[reason];
  return ready ? said(ready, reason, text) : `${nameOf(target)}: ${said(ready, reason, text)}`;
}

/** Why a dossier was not granted. */
export const rejectWords = (reason: string | null, text: string | null): string =>
  said(REJECT[reason ?? ""], reason ?? "", text ?? "");
