/**
 * What a QR code's text means. The text comes from outside: it is only ever compared, cut and shown
 * as plain text; a URL in it is never opened. Sources: readers of chip ID cards (7 fields joined by
 * "|"), the health service's number form; neither has a public specification.
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

export type Payload =
  | { readonly kind: "id_card"; readonly fields: IdCard }
  | { readonly kind: "certificate"; readonly number: string; readonly text: string }
  | { readonly kind: "licence"; readonly number: string; readonly text: string }
  | { readonly kind: "other"; readonly text: string };

export function readPayload(raw: string): Payload {
  const text = plain(raw);
  const fields = idCard(text);
  if (fields) return { kind: "id_card", fields };
  const certificate =
    /(?<![0-9])([0-9]{1,6})\s*\/\s*(GKSKLX)\s*\/\s*([0-9A-Z]{5})\s*\/\s*([0-9]{2})(?![0-9])/i.exec(
      text,
    );
  if (certificate) {
    return { kind: "certificate", number: certificate.slice(1).join("/").toUpperCase(), text };
  }
  const licence = /(?<![0-9])[0-9]{12}(?![0-9])/.exec(text);
  return licence ? { kind: "licence", number: licence[0], text } : { kind: "other", text };
}

/** NFC, without control and direction marks, at most as long as a QR code can be. */
export function plain(raw: string): string {
  return raw
    .slice(0, LARGEST)
    .normalize("NFC")
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, " ")
    .trim();
}

function idCard(text: string): IdCard | null {
  const parts = text.split("|").map((part) => part.trim());
  if (parts.length < 7) return null;
  const [number = "", old = "", name = "", born = "", sex = "", address = "", issued = ""] = parts;
  const birth = day(born);
  const gender = { nam: "male", nữ: "female" }[sex.toLowerCase()] as IdCard["sex"] | undefined;
  if (!/^[0-9]{12}$/.test(number) || !name || name.length > 100 || !birth || !gender) return null;
  return {
    identity_number: number,
    ...(/^([0-9]{9}|[0-9]{12})$/.test(old) ? { old_identity_number: old } : {}),
    full_name: name,
    date_of_birth: birth,
    sex: gender,
    ...(address ? { residence_legacy: address.slice(0, 300) } : {}),
    ...(day(issued) ? { identity_issue_date: day(issued) as string } : {}),
  };
}

/** ddmmyyyy → YYYY-MM-DD; 0000 for day and month of a paper that knows only the year → YYYY. */
function day(text: string): string | null {
  const found = /^([0-9]{2})([0-9]{2})([0-9]{4})$/.exec(text);
  if (!found) return null;
  const [, d = "", m = "", y = ""] = found;
  if (d === "00" && m === "00") return y;
  const iso = `${y}-${m}-${d}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}
