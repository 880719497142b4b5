/**
 * Numbers as people write them, brought to the one form the record keeps; null when it is not such
 * a number. Digits are ASCII only. Sources: server/dossier/formats.py.
 */
const bare = (text: string): string => text.replace(/[ .\-\u00a0]/g, "");

/** 12 digits of a plastic card, or a paper card's number as printed. */
export function licenceNumber(text: string): string | null {
  const digits = bare(text);
  if (/^[0-9]{12}$/.test(digits)) return digits;
  const paper = text.toUpperCase().trim().split(/\s+/).join(" ");
  return /[A-Z]/.test(paper) && /^[0-9A-Z][0-9A-Z/ .-]{4,19}$/.test(paper) ? paper : null;
}

export const onPaper = (number: string): boolean => !/^[0-9]{12}$/.test(number);

/** Two letters and six digits. Others exist: warn, never refuse. */
export function licenceSerial(text: string): string | null {
  const serial = bare(text).toUpperCase();
  return /^[A-Z]{2}[0-9]{6}$/.test(serial) ? serial : null;
}

export function identityNumber(text: string): string | null {
  const digits = bare(text);
  return /^[0-9]{12}$/.test(digits) ? digits : null;
}

/** NNNNN/GKSKLX/<facility>/<YY>. */
export function certificateNumber(text: string): string | null {
  const number = text
    .trim()
    .replace(/\s*\/\s*/g, "/")
    .toUpperCase();
  const matches = /^[0-9]{1,6}\/GKSKLX\/[0-9A-Z]{5}\/[0-9]{2}$/.test(number);
  return matches && number.length <= 21 ? number : null;
}

/** E.164 of a mobile, or of a landline of Bắc Ninh or Bắc Giang. */
export function phone(text: string): string | null {
  const digits = text.replace(/[ .\-()\u00a0]/g, "");
  const national = digits.replace(/^(?:\+84|84(?=0?[0-9]{9,10}$))0?/, "0");
  if (!/^(?:0[35789][0-9]{8}|0(?:222|204)[0-9]{7})$/.test(national)) return null;
  return `+84${national.slice(1)}`;
}

/** The 8 characters of a slip code. */
export function slip(text: string): string | null {
  const code = text.replace(/[\s-]/g, "").toUpperCase();
  return /^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/.test(code) ? code : null;
}
