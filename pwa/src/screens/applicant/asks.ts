/** Every question of the form: how an answer is asked for. Its name comes from fields.json. */
import type { Answers } from "../../drafts/index.ts";
import { t } from "../../i18n/index.ts";
import { classesHeld, exchangeTargets, normalise } from "../../rules/index.ts";
import { nameOf } from "../shared/explain.ts";
import type { Kind, Option, Question } from "../shared/kinds.ts";
import { HOME_PROVINCE, intakePoints, PROVINCES } from "../shared/places.ts";
import { classOf, showClass } from "./classes.ts";
import type { Values } from "./steps.ts";
import { type WordKey, w } from "./words/index.ts";

type Name = keyof Answers;

export interface Ask {
  readonly name: Name;
  readonly kind: Kind;
  readonly hint?: WordKey;
  readonly options?: (values: Values) => readonly Option[];
  readonly optional?: boolean | ((values: Values) => boolean);
  /** The question's own words, where the field's name is not enough. */
  readonly says?: WordKey;
  readonly letters?: WordKey;
  readonly autocomplete?: string;
  readonly when?: (values: Values) => boolean;
  /** Taken when the page opens and nothing was answered yet. */
  readonly initial?: (values: Values) => string | undefined;
  /** For a commune: the name to begin the search with. */
  readonly suggest?: (values: Values) => string | undefined;
  /** The two choices are "true" and "false". */
  readonly boolean?: boolean;
  /** The rules bring it to its stored form. */
  readonly normalised?: boolean;
}

const option = (value: string, label: WordKey, about?: WordKey): Option =>
  about ? { value, label: w(label), about: w(about) } : { value, label: w(label) };

const byPost = (values: Values): boolean => values.delivery_method === "post";
const lost = (values: Values): boolean => values.licence_held === "lost";
const atHome = (values: Values): boolean => values.residence_province === HOME_PROVINCE;

/** Hamlet, commune, district and province of an address of four levels; else nothing. */
function legacyParts({ residence_legacy: legacy = "" }: Values): string[] {
  const parts = legacy.split(",").map((part) => part.trim());
  return parts.length === 4 ? parts : [];
}

export const asks = {
  licence_held: {
    name: "licence_held",
    kind: "choice",
    options: () => [
      option("card", "held.card", "held.card_text"),
      option("lost", "held.lost"),
      option("foreign", "held.foreign"),
      option("military", "held.military"),
      option("old_police", "held.old_police"),
    ],
  },
  revoked: {
    name: "revoked",
    kind: "choice",
    boolean: true,
    options: () => [option("false", "revoked.no"), option("true", "revoked.yes", "revoked.note")],
  },
  reason: {
    name: "reason",
    kind: "choice",
    options: () => [
      option("expiring", "reason.expiring"),
      option("damaged", "reason.damaged"),
      option("information_changed", "reason.information_changed"),
    ],
  },
  loss_date: { name: "loss_date", kind: "date", hint: "loss.date_hint" },
  loss_place: { name: "loss_place", kind: "text", hint: "loss.place_hint" },
  loss_declared: { name: "loss_declared", kind: "check", says: "loss.declared" },
  full_name: { name: "full_name", kind: "text", hint: "self.name_hint", autocomplete: "name" },
  date_of_birth: { name: "date_of_birth", kind: "birth", autocomplete: "bday" },
  sex: {
    name: "sex",
    kind: "choice",
    options: () => [option("male", "sex.male"), option("female", "sex.female")],
  },
  identity_number: {
    name: "identity_number",
    kind: "digits",
    hint: "self.id_hint",
    normalised: true,
  },
  nationality: {
    name: "nationality",
    kind: "text",
    autocomplete: "country-name",
    initial: () => "Việt Nam",
  },
  residence_line: {
    name: "residence_line",
    kind: "text",
    hint: "residence.line_hint",
    autocomplete: "address-line1",
    initial: (values) => legacyParts(values)[0],
  },
  residence_province: {
    name: "residence_province",
    kind: "select",
    options: () => PROVINCES.map(({ code, name }) => ({ value: code, label: name })),
    initial: () => HOME_PROVINCE,
  },
  residence_commune: {
    name: "residence_commune",
    kind: "commune",
    hint: "residence.commune_hint",
    when: atHome,
    suggest: (values) => legacyParts(values)[1],
  },
  licence_number: {
    name: "licence_number",
    kind: "digits",
    hint: "licence.number_hint",
    letters: "licence.letters",
    optional: lost,
    normalised: true,
  },
  licence_issue_date: {
    name: "licence_issue_date",
    kind: "date",
    hint: "licence.date_hint",
    optional: lost,
  },
  licence_regime: {
    name: "licence_regime",
    kind: "choice",
    options: () => [option("2008", "licence.before_2025"), option("2025", "licence.from_2025")],
    when: (values) => lost(values) && values.licence_issue_date === undefined,
  },
  licence_issue_place: {
    name: "licence_issue_place",
    kind: "text",
    hint: "licence.place_hint",
    optional: true,
  },
  licence_serial: {
    name: "licence_serial",
    kind: "text",
    hint: "licence.serial_hint",
    optional: true,
    normalised: true,
  },
  licence_class: {
    name: "licence_class",
    kind: "select",
    options: ({ licence_regime: regime = "2025" }) =>
      classesHeld(regime).map((code) => ({ value: code, label: showClass(regime, code) })),
  },
  licence_expiry: {
    name: "licence_expiry",
    kind: "date",
    optional: lost,
    when: ({ licence_regime, licence_class }) =>
      classOf(licence_regime, licence_class)?.unlimited === false,
  },
  other_licence_number: {
    name: "other_licence_number",
    kind: "digits",
    hint: "class.other_hint",
    letters: "licence.letters",
    optional: true,
    normalised: true,
  },
  other_licence_class: {
    name: "other_licence_class",
    kind: "select",
    options: () =>
      [...new Set([...classesHeld("2008"), ...classesHeld("2025")])].map((code) => ({
        value: code,
        label: code,
      })),
    when: ({ other_licence_number }) => other_licence_number !== undefined,
  },
  requested_class: {
    name: "requested_class",
    kind: "choice",
    options: ({ licence_regime: regime, licence_class: held }) =>
      (regime && held ? exchangeTargets(regime, held) : []).map((code) => {
        const about = classOf("2025", code);
        return {
          value: code,
          label: code,
          about: about ? showClass("2025", code).slice(code.length + 3) : "",
        };
      }),
  },
  certificate_number: {
    name: "certificate_number",
    kind: "text",
    hint: "certificate.number_hint",
    optional: true,
    normalised: true,
  },
  certificate_date: {
    name: "certificate_date",
    kind: "date",
    hint: "certificate.date_hint",
    optional: true,
  },
  certificate_class: {
    name: "certificate_class",
    kind: "select",
    options: () =>
      classesHeld("2025").map((code) => ({ value: code, label: showClass("2025", code) })),
    optional: true,
  },
  phone: {
    name: "phone",
    kind: "phone",
    hint: "contact.hint",
    autocomplete: "tel",
    normalised: true,
  },
  delivery_method: {
    name: "delivery_method",
    kind: "choice",
    options: () => [
      option("post", "delivery.post", "delivery.post_text"),
      option("counter", "delivery.counter"),
    ],
  },
  delivery_line: {
    name: "delivery_line",
    kind: "text",
    hint: "residence.line_hint",
    autocomplete: "shipping address-line1",
    when: byPost,
    initial: (values) => values.residence_line,
  },
  delivery_commune: {
    name: "delivery_commune",
    kind: "commune",
    hint: "residence.commune_hint",
    when: (values) => byPost(values) && atHome(values),
    initial: (values) => values.residence_commune,
  },
  delivery_point: {
    name: "delivery_point",
    kind: "select",
    options: () => intakePoints().map(({ id, name }) => ({ value: id, label: name })),
    when: (values) => values.delivery_method === "counter",
  },
} as const satisfies Partial<Record<Name, Ask>>;

function hintOf(ask: Ask): string | undefined {
  if (ask.hint) return w(ask.hint);
  if (ask.kind === "birth") return t("field.birth_hint");
  return ask.kind === "date" ? t("field.date_hint") : undefined;
}

export const isOptional = ({ optional = false }: Ask, values: Values): boolean =>
  typeof optional === "function" ? optional(values) : optional;

/** The question in the language in force, for a field element. */
export function questionOf(ask: Ask, values: Values, labelledBy?: string): Question {
  return {
    name: ask.name,
    kind: ask.kind,
    label: ask.says ? w(ask.says) : nameOf(ask.name),
    hint: hintOf(ask),
    options: ask.options?.(values),
    optional: isOptional(ask, values),
    letters: ask.letters ? w(ask.letters) : undefined,
    autocomplete: ask.autocomplete,
    normalise: ask.normalised ? (typed) => normalise(ask.name, typed) : undefined,
    suggest: ask.suggest?.(values),
    labelledBy,
  };
}

/** The stored value as a person reads it; "" for none. */
export function showAnswer(
  ask: Ask,
  values: Values,
  communeName: (code: string) => string,
): string {
  const value = values[ask.name];
  if (value === undefined) return "";
  if (ask.kind === "check") return w(value === true ? "revoked.yes" : "revoked.no");
  if (value === "unlimited") return t("field.unlimited");
  if (ask.kind === "commune") return communeName(String(value));
  return ask.options?.(values).find((one) => one.value === String(value))?.label ?? String(value);
}
