/**
 * What a QR code's text means. The text comes from outside: it is only ever compared, cut and shown
 * as plain text; a URL in it is never opened. Sources: readers of chip ID cards (7 fields joined by
 * "|"), the health service's number form; neither has a public specification. The server reads
 * photographed codes by the same rules: tests/vectors/qr.json.
 */

/** Bytes of UTF-8 that the largest QR code holds. */
export const LARGEST = 2953;

/** Fields of an ID card, named and spelt as the submission's answers. */
export interface IdCard {
  readonly identity_number: string;
  readonly old_identity_number?: string;
  readonly full_name: string;
  readonly date_of_birth: string;
  readonly sex: "male" | "female";
  readonly residence_legacy?: string;
  readonly identity_issue_date?: string;
}

/** A health certificate with its facility's signature: certificate/signed.ts reads and verifies it. */
const SIGNED = /^SK1:[0-9A-Z $%*+./:-]{3,}$/;

export type Payload =
  | { readonly kind: "signed_certificate"; readonly text: string }
  | { readonly kind: "id_card"; readonly fields: IdCard }
  | { readonly kind: "certificate"; readonly number: string; readonly text: string }
  | { readonly kind: "other"; readonly text: string };

/** Control and direction marks: no name or address has one. */
const UNPRINTABLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const CERTIFICATE =
  /(?<![0-9A-Z])([0-9]{1,6})\s*\/\s*GKSKLX\s*\/\s*([0-9A-Z]{5})\s*\/\s*([0-9]{2})(?![0-9A-Z])/gi;

export function readPayload(raw: string): Payload {
  const whole = raw.slice(0, LARGEST).normalize("NFC");
  // Its alphabet has a blank, also at the end.
  if (SIGNED.test(raw)) return { kind: "signed_certificate", text: raw };
  const text = plain(whole);
  const fields = idCard(whole);
  if (fields) return { kind: "id_card", fields };
  const number = certificate(whole);
  return number ? { kind: "certificate", number, text } : { kind: "other", text };
}

/** NFC, without control and direction marks, at most as long as a QR code can be. */
export function plain(raw: string): string {
  return raw.slice(0, LARGEST).normalize("NFC").replace(UNPRINTABLE, " ").trim();
}

/** An old number or a day of issue that makes no sense is left out: neither is asked for. */
function idCard(text: string): IdCard | null {
  const parts = text.split("|").map((part) => part.trim());
  if (parts.length < 7) return null;
  const [number = "", old = "", name = "", born = "", sex = "", address = "", issued = ""] = parts;
  const birth = birthDay(born);
  const gender = { nam: "male", nữ: "female" }[sex.toLowerCase()] as IdCard["sex"] | undefined;
  if (!/^[0-9]{12}$/.test(number) || !birth || !gender) return null;
  if (!name || name.length > 100 || address.length > 300) return null;
  if (`${name}${address}`.search(UNPRINTABLE) >= 0) return null;
  const issue = day(issued);
  return {
    identity_number: number,
    ...(/^([0-9]{9}|[0-9]{12})$/.test(old) ? { old_identity_number: old } : {}),
    full_name: name,
    date_of_birth: birth,
    sex: gender,
    ...(address ? { residence_legacy: address } : {}),
    ...(issue ? { identity_issue_date: issue } : {}),
  };
}

/** The number anywhere in the text, also inside a link; two different ones are none. */
function certificate(text: string): string | null {
  const numbers = new Set(
    [...unquoted(text).matchAll(CERTIFICATE)].map(([, serial, place, year]) =>
      `${serial}/GKSKLX/${place}/${year}`.toUpperCase(),
    ),
  );
  const [number] = numbers;
  return number && numbers.size === 1 ? number : null;
}

function unquoted(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** ddmmyyyy, or the year alone where the papers give no more (00001958, 1958). */
function birthDay(text: string): string | null {
  return /^(?:0000)?(?:19|20)[0-9]{2}$/.test(text) ? text.slice(-4) : day(text);
}

/** ISO date of ddmmyyyy or dd/mm/yyyy. */
function day(text: string): string | null {
  const found = /^([0-9]{2})[/.-]?([0-9]{2})[/.-]?((?:19|20)[0-9]{2})$/.exec(text);
  if (!found) return null;
  const [, d, m, y] = found;
  const iso = `${y}-${m}-${d}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}
