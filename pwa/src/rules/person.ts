/** Birth dates, ages and what an identity number says. */
import old from "@dossier/data/provinces_old.json";

const PLACES = new Set(old.provinces.map(({ prefix }) => prefix));

export const birthYear = (born: string): number | null => {
  const match = /^([0-9]{4})(?:-[0-9]{2}-[0-9]{2})?$/.exec(born);
  return match ? Number(match[1]) : null;
};

/** Full years of age; with the year only, those surely reached by the year's end. */
export function ageOn(born: string, day: string): number | null {
  const year = birthYear(born);
  if (year === null) return null;
  const years = Number(day.slice(0, 4)) - year;
  return born.length === 4 ? years : years - (day.slice(5) < born.slice(5) ? 1 : 0);
}

/** Digit 4: sex and century, 5-6: birth year (Circular 59/2021/TT-BCA). Warnings only. */
export function identityFindings(number: string, sex?: string, born?: string): string[] {
  if (!/^[0-9]{12}$/.test(number)) return [];
  const found: string[] = [];
  if (!PLACES.has(number.slice(0, 3))) found.push("identity_place_unknown");
  const mark = Number(number[3]);
  if (sex && (mark % 2 === 1) !== (sex === "female")) found.push("identity_sex_mismatch");
  const year = born ? birthYear(born) : null;
  const said = 1900 + 100 * Math.floor(mark / 2) + Number(number.slice(4, 6));
  if (year !== null && year !== said) found.push("identity_birth_mismatch");
  return found;
}
