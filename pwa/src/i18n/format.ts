/** Dates, money and numbers as they are written in Vietnam, in both languages. */
const ZONE = "Asia/Ho_Chi_Minh";

/** "1990-03-15" → "15/03/1990"; a year alone stays as it is. */
export function showDate(iso: string): string {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})/.exec(iso);
  return found ? `${found[3]}/${found[2]}/${found[1]}` : iso;
}

/** An instant (ISO, UTC) as "08:05 22/11/2026" in Vietnam. */
export function showInstant(iso: string): string {
  const part = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
    .formatToParts(new Date(iso))
    .reduce<Record<string, string>>((all, { type, value }) => {
      all[type] = value;
      return all;
    }, {});
  return `${part.hour}:${part.minute} ${part.day}/${part.month}/${part.year}`;
}

/** An instant's day in Vietnam, "22/11/2026". */
export const showDay = (iso: string): string => showInstant(iso).slice(6);

/** 115000 → "115.000 đ" */
export function showMoney(dong: number): string {
  return `${String(Math.round(dong)).replace(/\B(?=([0-9]{3})+$)/g, ".")} đ`;
}

/** "751195002226" → "751 195 002 226"; anything that is not 12 digits stays as it is. */
export function showNumber(number: string): string {
  return /^[0-9]{12}$/.test(number) ? number.replace(/([0-9]{3})(?=[0-9])/g, "$1 ") : number;
}

/** "K7M2P9QX" → "K7M2 P9QX" */
export const showSlip = (slip: string): string => slip.replace(/^(.{4})(?=.)/, "$1 ");

/** "+84912345678" → "0912 345 678" */
export function showPhone(phone: string): string {
  const local = phone.replace(/^\+84/, "0");
  return /^0[0-9]{9}$/.test(local)
    ? local.replace(/^([0-9]{4})([0-9]{3})([0-9]{3})$/, "$1 $2 $3")
    : local;
}

/**
 * A typed day as YYYY-MM-DD, or null. Takes "15/3/1990", "15.03.1990", "15 03 1990", "15031990".
 * A day that no calendar has (31/02) is null, never moved to another.
 */
export function readDate(typed: string): string | null {
  const text = typed.trim();
  if (/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return real(text) ? text : null;
  const found =
    /^([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})$/.exec(text) ??
    /^([0-9]{2})([0-9]{2})([0-9]{4})$/.exec(text);
  if (!found) return null;
  const [, day = "", month = "", year = ""] = found;
  const iso = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return real(iso) ? iso : null;
}

function real(iso: string): boolean {
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}
