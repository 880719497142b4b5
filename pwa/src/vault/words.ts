/**
 * 1,024 Vietnamese syllables written without diacritics: 10 bits each, five make 50 bits, behind
 * Argon2id. Onsets that sound alike somewhere (l/n, ch/tr, s/x, d/gi/r) are not both used.
 */
import { random } from "../store/bytes.ts";

const ONSETS = "b c ch d g h kh l m ng nh ph s t th v".split(" ");
const RIMES = (
  "a ac ach ai am an ang anh ao ap at au ay e em en eo eu i ich iec iem ien ieng iet ieu im in " +
  "inh it iu o oa oai oan oang oc oi om on ong op ot u ua uan uc ui um un ung uoc uoi uom uon " +
  "uong uot up ut uy uyen ia ip ep"
).split(" ");
const WORDS = 5;

/** c, g and ng are spelled k, gh and ngh before e and i. */
function spell(onset: string, rime: string): string {
  if (!/^[ei]/.test(rime)) return onset + rime;
  if (onset === "c") return `k${rime}`;
  return onset === "g" || onset === "ng" ? `${onset}h${rime}` : onset + rime;
}

export function wordList(): readonly string[] {
  return ONSETS.flatMap((onset) => RIMES.map((rime) => spell(onset, rime)));
}

export function newPassphrase(): string {
  const words = wordList();
  const [...drawn] = new Uint16Array(random(WORDS * 2).buffer);
  return drawn.map((number) => words[number % words.length]).join(" ");
}

/** Forgives case, diacritics and spacing. */
export function plainWords(typed: string): string {
  const bare = typed.normalize("NFD").replace(/\p{M}/gu, "").replaceAll(/[đĐ]/g, "d");
  return bare
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean)
    .join(" ");
}

export const isPassphrase = (words: string): boolean =>
  plainWords(words).split(" ").length >= WORDS;
