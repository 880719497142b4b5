/** Numbers of the report as each language writes them. */
import { language, showDay } from "../../i18n/index.ts";

/** The month of an instant in Vietnam, "2026-11". */
export const monthInVietnam = (at: Date): string => {
  const [, month, year] = showDay(at.toISOString()).split("/");
  return `${year}-${month}`;
};

/** 2490 → "2.490", in English "2,490" */
export const showCount = (count: number): string => count.toLocaleString(locale());

/** 44.78 → "44,78 %", in English "44.78 %", never broken over two lines */
export const showShare = (percent: number): string =>
  `${percent.toLocaleString(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 })}\u00a0%`;

const locale = (): string => (language() === "vi" ? "vi-VN" : "en-GB");
