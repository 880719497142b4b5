/** Licence classes: always a pair (regime, code), because the letters changed their meaning. */
import data from "@dossier/data/licence_classes.json";

export type Regime = "2008" | "2025";

interface Words {
  vi: string;
  en: string;
}

export interface ClassRow {
  regime: string;
  code: string;
  aliases?: readonly string[];
  unlimited: boolean;
  certificate: boolean;
  min_age: number;
  max_age?: { male?: number; female?: number };
  exchanges_to: readonly { code: string; restriction?: Words }[];
  extra_paper?: Words;
  includes?: readonly string[];
}

const CLASSES = data.classes as readonly ClassRow[];
/** Law 36/2024/QH15 Art. 89. */
export const NEW_CLASSES_FROM = "2025-01-01";

export const findClass = (regime: unknown, code: unknown): ClassRow | undefined =>
  CLASSES.find(
    (row) =>
      row.regime === regime &&
      (row.code === code || (row.aliases?.includes(String(code)) ?? false)),
  );

export const classesOf = (regime: Regime): ClassRow[] =>
  CLASSES.filter((row) => row.regime === regime);

/** What the card can become, the proposed class first; none for an unknown class or A4. */
export function exchangeChoices(
  regime: unknown,
  code: unknown,
  filed: string,
): ClassRow["exchanges_to"] {
  const row = findClass(regime, code);
  if (!row) return [];
  return filed < NEW_CLASSES_FROM ? [{ code: row.code }] : row.exchanges_to;
}

/** The class a certificate's spelling names: B.01 and B01 are B. */
function base(code: string): string {
  const plain = code.trim().toUpperCase();
  const codes: readonly { code: string; class: string; variants?: readonly string[] }[] =
    data.restriction_codes.codes;
  const row = codes.find((one) => one.code === plain || one.variants?.includes(plain));
  return row?.class ?? plain;
}

/** Does a certificate for one class of 2025 serve for another? An officer looks at unknown ones. */
export function coversClass(given: string, wanted: string): boolean {
  const held = base(given);
  const covered = [
    held,
    ...(findClass("2025", held)?.includes ?? []),
    ...(findClass("2008", held)?.exchanges_to.map(({ code }) => code) ?? []),
  ];
  return covered.includes(base(wanted));
}
