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

/** "2026-11" → "11/2026" */
export const showMonth = (month: string): string => month.split("-").reverse().join("/");

/** The month so many months later: ("2026-11", 2) → "2027-01". */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** This month and the 35 before it, the newest first, and the given one wherever it lies. */
export function monthsWith(given: string, now = new Date()): string[] {
  const newest = monthInVietnam(now);
  const listed = Array.from({ length: 36 }, (_, back) => monthAfter(newest, -back));
  return [...new Set([...listed, given])].sort().reverse();
}
