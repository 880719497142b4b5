/** The words for findings, problems and field names, from the same data as the server's. */
import fields from "@dossier/data/fields.json";
import messages from "@dossier/data/messages.json";
import { fill, inLanguage, language, showDate } from "../../i18n/index.ts";

type Pair = { vi: string; en: string };
interface Message {
  severity: "error" | "warning" | "notice";
  vi: { why: string; do: string };
  en: { why: string; do: string };
}

const NAMES = fields.fields as Record<string, Pair>;
const MESSAGES = messages.messages as Record<string, Message>;
const VALUES = messages.values as Record<string, Pair>;

/** What a field, photo or part is called; the key itself for an unknown one. */
export const nameOf = (target: string): string => {
  const name = NAMES[target];
  return name ? inLanguage(name) : target;
};

export const severityOf = (code: string): Message["severity"] =>
  MESSAGES[code]?.severity ?? "error";

type Params = Readonly<Record<string, unknown>>;

/** Why and what to do, in one line; null for a code that has no words yet. */
export const explain = (code: string, field: string | null, params: Params = {}): string | null =>
  inWords(code, field, params, ({ why, do: todo }) => `${why} ${todo}`);

/** Why alone: for an officer, and for a person who can change nothing any more. */
export const whyFound = (code: string, field: string | null, params: Params = {}): string | null =>
  inWords(code, field, params, ({ why }) => why);

function inWords(
  code: string,
  field: string | null,
  params: Params,
  part: (message: Message["vi"]) => string,
): string | null {
  const message = MESSAGES[code]?.[language()];
  if (!message) return null;
  const words: Record<string, string> = { field: nameOf(field ?? "submission") };
  for (const [name, value] of Object.entries(params)) words[name] = wordOf(value);
  return fill(part(message), words).trim();
}

/** What a value is called: a code's or a field's name, a date as people write it, else itself. */
export function wordOf(value: unknown): string {
  const text = String(value);
  const known = VALUES[text] ?? NAMES[text];
  return known ? inLanguage(known) : showDate(text);
}
