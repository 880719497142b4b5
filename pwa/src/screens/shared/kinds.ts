import { readDate, showDate, showNumber, showPhone } from "../../i18n/index.ts";

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly about?: string;
}

/** How a field is asked. `check` is one box to tick; the rest are named for what they hold. */
export type Kind =
  | "text"
  | "lines"
  | "digits"
  | "phone"
  | "date"
  | "birth"
  | "choice"
  | "select"
  | "commune"
  | "check";

/** One question, in words already translated: the form of every screen's fields. */
export interface Question {
  /** Id of the input and name of the answer. */
  readonly name: string;
  readonly kind: Kind;
  readonly label: string;
  readonly hint?: string;
  readonly options?: readonly Option[];
  readonly optional?: boolean;
  /** For a commune: the name to begin the search with. */
  readonly suggest?: string;
  /** A keypad of digits at first, letters by a button with this label. */
  readonly letters?: string;
  /** Id of the heading that already says the label, where a page asks only this. */
  readonly labelledBy?: string;
  /** Token for a person's own phone; elsewhere it is always "off". */
  readonly autocomplete?: string;
  /** Makes the stored form of what was typed; the default tidies spaces and composes (NFC). */
  readonly normalise?: (typed: string) => string;
}

interface Typed {
  readonly inputmode: "text" | "numeric" | "tel";
  readonly read: (typed: string) => string;
  readonly show: (value: string) => string;
}

const tidy = (typed: string): string => typed.normalize("NFC").replace(/\s+/g, " ").trim();
const same = (value: string): string => value;
/** Numbers of old paper cards hold letters and keep their marks. */
const digits = (typed: string): string =>
  /^[0-9\s.-]*$/.test(typed) ? typed.replace(/[\s.-]/g, "") : tidy(typed);

/** What is typed and what is stored, for the kinds that are typed. Unreadable text stays as it is. */
export const TYPED: Readonly<Record<string, Typed>> = {
  text: { inputmode: "text", read: tidy, show: same },
  lines: { inputmode: "text", read: tidy, show: same },
  digits: { inputmode: "numeric", read: digits, show: showNumber },
  phone: { inputmode: "tel", read: tidy, show: showPhone },
  date: { inputmode: "numeric", read: (typed) => readDate(typed) ?? tidy(typed), show: showDate },
  birth: { inputmode: "numeric", read: (typed) => readDate(typed) ?? tidy(typed), show: showDate },
};

/** The stored form of what was typed into `question`. */
export function readTyped(question: Question, typed: string): string {
  const plain = TYPED[question.kind]?.read(typed) ?? tidy(typed);
  return question.normalise?.(plain) ?? plain;
}

export function showTyped(question: Question, value: unknown): string {
  if (typeof value !== "string") return "";
  return TYPED[question.kind]?.show(value) ?? value;
}
