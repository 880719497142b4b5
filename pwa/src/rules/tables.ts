/** Rows that hold on a day, and days as the law counts them. Days are "YYYY-MM-DD". */
import { clockOffset } from "../sync/state.ts";

export interface Dated {
  from: string;
  to: string | null;
}

export const covers = (row: Dated, day: string): boolean =>
  row.from <= day && (row.to === null || day <= row.to);

export const inForce = <T extends Dated>(rows: readonly T[], day: string): T | undefined =>
  rows.find((row) => covers(row, day));

/** Today where the dossiers are received: by their clock where it was heard, else by this one. */
export const today = (now = new Date(Date.now() + clockOffset())): string =>
  new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Ho_Chi_Minh" }).format(now);

export function isDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

const DAY = 86_400_000;
const millis = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const iso = (time: number): string => new Date(time).toISOString().slice(0, 10);

export const daysBetween = (from: string, to: string): number =>
  Math.round((millis(to) - millis(from)) / DAY);

/** The same day some months later, or the month's last day where it has no such day. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const index = year * 12 + month - 1 + months;
  if (Math.floor(index / 12) > 9999) return "9999-12-31";
  const last = new Date(Date.UTC(Math.floor(index / 12), (index % 12) + 1, 0));
  last.setUTCDate(Math.min(date, last.getUTCDate()));
  return iso(last.getTime());
}

export interface Span {
  days?: number;
  months?: number;
}

export const addSpan = (day: string, { days = 0, months = 0 }: Span): string => {
  const moved = addMonths(day, months);
  return days ? iso(millis(moved) + days * DAY) : moved;
};

/** Every fact named in a data file's `when` has one of its values. */
export function fits(
  when: Readonly<Record<string, readonly unknown[] | undefined>>,
  facts: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(when).every(([name, values]) => values?.includes(facts[name] ?? null));
}
