import { inLanguage, showDate, showNumber, showPhone, t } from "../../i18n/index.ts";
import { classOf } from "../applicant/classes.ts";
import { type Commune, intakePoints, PROVINCES } from "../shared/places.ts";
import { type OfficerKey, o } from "./words/index.ts";

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const NUMBERS = new Set(["identity_number", "licence_number"]);
const CHOICES = {
  "licence_held.card": "value.card",
  "licence_held.lost": "value.lost",
  "licence_held.foreign": "value.foreign",
  "licence_held.military": "value.military",
  "licence_held.old_police": "value.old_police",
  "reason.damaged": "value.damaged",
  "reason.expiring": "value.expiring",
  "reason.information_changed": "value.information_changed",
  "sex.male": "value.male",
  "sex.female": "value.female",
  "delivery_method.post": "value.post",
  "delivery_method.counter": "value.counter",
  "procedure.doi": "value.doi",
  "procedure.cap_lai": "value.cap_lai",
  "licence_regime.2008": "value.regime_2008",
  "licence_regime.2025": "value.regime_2025",
  "conclusion.fit": "value.fit",
  "conclusion.unfit": "value.unfit",
  "conclusion.re_examine": "value.re_examine",
} as const satisfies Record<string, OfficerKey>;

/** A stored value as an officer reads it; codes of communes and provinces by their names. */
export function showValue(
  field: string,
  value: unknown,
  communes: readonly Commune[] = [],
): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return o(value ? "value.yes" : "value.no");
  const text = String(value);
  const choice = CHOICES[`${field}.${text}` as keyof typeof CHOICES];
  if (choice) return o(choice);
  if (field.endsWith("_commune")) return communes.find(({ code }) => code === text)?.name ?? text;
  if (field.endsWith("_province")) return PROVINCES.find(({ code }) => code === text)?.name ?? text;
  if (field === "delivery_point") return intakePoints().find(({ id }) => id === text)?.name ?? text;
  if (field === "phone") return showPhone(text);
  if (text === "unlimited") return t("field.unlimited");
  if (NUMBERS.has(field)) return showNumber(text);
  return DATE.test(text) ? showDate(text) : text;
}

/** What a class code means, for a tooltip-free second line; "" where it is no class. */
export function aboutValue(field: string, value: unknown, regime: unknown): string {
  if (!field.endsWith("_class") || typeof value !== "string") return "";
  const law = field === "licence_class" ? String(regime) : "2025";
  const found = classOf(law, value);
  return found ? inLanguage(found) : "";
}
