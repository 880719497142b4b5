import data from "@dossier/data/licence_classes.json";
import { inLanguage } from "../../i18n/index.ts";

export type LicenceClass = (typeof data.classes)[number];

/** A class under the law its card was issued under; the same letter means other vehicles. */
export const classOf = (
  regime: string | undefined,
  code: string | undefined,
): LicenceClass | undefined =>
  data.classes.find((one) => one.regime === regime && one.code === code);

/** "B2 · Ô tô đến 9 chỗ…" */
export function showClass(regime: string | undefined, code: string | undefined): string {
  const found = classOf(regime, code);
  return found ? `${code} · ${inLanguage(found)}` : (code ?? "");
}
