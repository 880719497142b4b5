/** What a submission's answers lack or get wrong, by filing date: server/dossier/checks.py here. */

import regimes from "@dossier/data/regimes.json";
import schema from "@dossier/data/submission.schema.json";
import { certificateValidity, WARN_AFTER_MONTHS } from "./certificate.ts";
import { coversClass, exchangeChoices, findClass, NEW_CLASSES_FROM } from "./classes.ts";
import * as formats from "./formats.ts";
import { ageOn, identityFindings } from "./person.ts";
import type { Answers } from "./submission.ts";
import { fits, isDay } from "./tables.ts";
import { procedureRow, triageOutcome } from "./triage.ts";

/** Why a field's value is not good. code: key of data/messages.json. */
export interface Problem {
  field: keyof Answers;
  code: string;
  params: Record<string, string | number>;
}

type Found = Problem[];
type Given = Partial<Answers>;

const problem = (code: string, field: keyof Answers, params: Problem["params"] = {}): Problem => ({
  code,
  field,
  params,
});

interface Property {
  $ref?: string;
  type?: string;
  enum?: readonly string[];
  pattern?: string;
  maxLength?: number;
  minLength?: number;
}
const PROPERTIES = schema.$defs.answers.properties as Record<string, Property | undefined>;
const DEFINITIONS = schema.$defs as unknown as Record<string, Property | undefined>;
const FORMAT_CODES: Record<string, string | undefined> = {
  full_name: "full_name_format",
  identity_number: "identity_number_format",
  licence_number: "licence_number_format",
  phone: "phone_format",
  certificate_number: "certificate_number_format",
};
const PAST: readonly string[] = [
  "date_of_birth",
  "licence_issue_date",
  "loss_date",
  "certificate_date",
];
const DATES: readonly string[] = [...PAST, "licence_expiry"];

/** The shape of one answer by the schema of the sealed submission. */
export function shapeProblem(field: keyof Answers, value: unknown): Problem | null {
  const property = PROPERTIES[field];
  const rule = property?.$ref ? DEFINITIONS[property.$ref.slice("#/$defs/".length)] : property;
  if (!rule) return problem("unknown_field", field, { name: field });
  if (typeof value !== rule.type) return problem("shape", field);
  if (typeof value !== "string") return null;
  if (rule.enum && !rule.enum.includes(value)) return problem("choice", field);
  const code = FORMAT_CODES[field];
  if (
    (!code || field === "full_name") &&
    rule.maxLength !== undefined &&
    [...value].length > rule.maxLength
  )
    return problem("too_long", field, { limit: rule.maxLength });
  const fitsPattern = !rule.pattern || new RegExp(rule.pattern, "u").test(value);
  if (!fitsPattern || value.length < (rule.minLength ?? 0)) return problem(code ?? "shape", field);
  return null;
}

export function dateProblem(field: keyof Answers, value: unknown, filed: string): Problem | null {
  if (typeof value !== "string" || value === "unlimited") return null;
  if (!DATES.includes(field)) return null;
  const year = field === "date_of_birth" && value.length === 4;
  const day = year ? `${value}-01-01` : value;
  if (!isDay(day)) return problem("date_impossible", field);
  return PAST.includes(field) && day > filed ? problem("date_in_future", field) : null;
}

/** Unknown classes need one: an officer looks. */
export const needsCertificate = (answers: Given): boolean =>
  findClass(answers.licence_regime, answers.licence_class)?.certificate ?? true;

const factsOf = (answers: Given): Record<string, unknown> => ({
  ...answers,
  certificate_needed: needsCertificate(answers),
});

interface Needed {
  level: string;
  when?: Record<string, readonly unknown[] | undefined>;
}

function neededFields(answers: Given): Found {
  if (answers.procedure === undefined) return [problem("required", "procedure")];
  const fields = (procedureRow(answers.procedure).fields ?? []) as (Needed & {
    field: keyof Answers;
  })[];
  const facts = factsOf(answers);
  return fields
    .filter(({ field, when }) => answers[field] === undefined && fits(when ?? {}, facts))
    .map(({ field, level }) => problem(level === "required" ? "required" : "left_empty", field));
}

export function neededPhotos(answers: Given): string[] {
  const photos = (procedureRow(answers.procedure ?? "doi").photos ?? []) as (Needed & {
    kind: string;
  })[];
  const facts = factsOf(answers);
  return photos.filter(({ when }) => fits(when ?? {}, facts)).map(({ kind }) => kind);
}

function procedureFound(answers: Given, filed: string): Found {
  const outcome = triageOutcome(answers, filed);
  const found: Found = [];
  if (!outcome.fileOnline || outcome.procedure !== (answers.procedure ?? outcome.procedure))
    found.push(problem("not_online", "procedure", { outcome: outcome.key }));
  if (answers.loss_declared === false) found.push(problem("loss_undeclared", "loss_declared"));
  if (answers.revoked) found.push(problem("revoked_declared", "revoked"));
  const { daysLeft, test } = outcome.expiry;
  if (daysLeft === null || test !== null) return found;
  if (daysLeft < 0)
    found.push(problem("expired_exchangeable", "licence_expiry", { days: -daysLeft }));
  else if (daysLeft <= regimes.expiry.warn_days_left)
    found.push(problem("expires_soon", "licence_expiry", { days: daysLeft }));
  return found;
}

function personFound(answers: Given, filed: string): Found {
  const { identity_number: number, sex, date_of_birth: born } = answers;
  const codes = number ? identityFindings(number, sex, born) : [];
  const found = codes.map((code) => problem(code, "identity_number"));
  if (born === undefined) return found;
  if (born.length === 4) found.push(problem("birth_year_only", "date_of_birth"));
  const regime = filed >= NEW_CLASSES_FROM ? "2025" : "2008";
  const wanted = findClass(regime, answers.requested_class);
  const age = ageOn(born, filed);
  if (!wanted || age === null) return found;
  const params = (limit: number): Problem["params"] => ({ class: wanted.code, age: limit });
  if (age < wanted.min_age)
    found.push(problem("under_age", "requested_class", params(wanted.min_age)));
  const oldest = sex ? wanted.max_age?.[sex] : undefined;
  if (oldest !== undefined && age > oldest)
    found.push(problem("over_age", "requested_class", params(oldest)));
  return found;
}

function licenceFound(answers: Given, filed: string): Found {
  const { licence_number: number, licence_serial: serial } = answers;
  const found: Found = [];
  if (number !== undefined) {
    const normal = formats.licenceNumber(number);
    if (normal === null) found.push(problem("licence_number_format", "licence_number"));
    else if (formats.onPaper(normal)) found.push(problem("licence_on_paper", "licence_number"));
  }
  if (serial !== undefined && formats.licenceSerial(serial) === null)
    found.push(problem("licence_serial_unusual", "licence_serial"));
  found.push(...otherFound(answers));
  const known = answers.licence_regime !== undefined && answers.licence_class !== undefined;
  return known ? [...found, ...classFound(answers, filed)] : found;
}

function otherFound(answers: Given): Found {
  const { other_licence_number: number, other_licence_class: code } = answers;
  if (number === undefined) return [];
  const found: Found = [];
  const normal = formats.licenceNumber(number);
  if (normal === null) found.push(problem("licence_number_format", "other_licence_number"));
  else if (normal === formats.licenceNumber(answers.licence_number ?? ""))
    found.push(problem("other_licence_same", "other_licence_number"));
  if (code === undefined) found.push(problem("left_empty", "other_licence_class"));
  else if (!findClass("2008", code) && !findClass("2025", code))
    found.push(problem("other_class_unknown", "other_licence_class", { class: code }));
  return found;
}

function classFound(answers: Given, filed: string): Found {
  const { licence_regime: held, licence_class: code, requested_class: wanted } = answers;
  const { licence_issue_date: issued, licence_expiry: expiry } = answers;
  const row = findClass(held, code);
  if (!row) return [problem("class_unknown", "licence_class", { class: String(code) })];
  const found: Found = [];
  if (held === "2025" && issued && issued < NEW_CLASSES_FROM)
    found.push(problem("class_before_regime", "licence_issue_date"));
  if (expiry && row.unlimited !== (expiry === "unlimited"))
    found.push(problem("expiry_unexpected", "licence_expiry", { class: String(code) }));
  if (issued && expiry && expiry !== "unlimited" && expiry < issued)
    found.push(problem("expiry_before_issue", "licence_expiry"));
  const choices = exchangeChoices(held, code, filed);
  if (wanted === undefined || choices.length === 0) return found;
  const choice = choices.find((one) => one.code === wanted);
  if (!choice) {
    const names = choices.map((one) => one.code).join(", ");
    const params = { held: String(code), class: wanted, choices: names };
    found.push(problem("class_not_reachable", "requested_class", params));
  } else if (choice.restriction) found.push(problem("class_restricted", "requested_class"));
  if (filed >= NEW_CLASSES_FROM && row.extra_paper)
    found.push(problem("class_extra_paper", "requested_class"));
  return found;
}

function certificateFound(answers: Given, filed: string): Found {
  if (!needsCertificate(answers)) return [];
  const { certificate_date: concluded, certificate_number: number } = answers;
  const { certificate_class: given, requested_class: wanted } = answers;
  const found: Found = [];
  if (concluded !== undefined) {
    const validity = certificateValidity(concluded, filed);
    if (validity?.state === "expired") {
      const params = { months: validity.months, date: concluded };
      found.push(problem("certificate_expired", "certificate_date", params));
    } else if (validity?.state === "old")
      found.push(problem("certificate_old", "certificate_date", { months: WARN_AFTER_MONTHS }));
    if (number !== undefined && number.slice(-2) !== concluded.slice(2, 4))
      found.push(problem("certificate_year_mismatch", "certificate_number"));
  }
  if (given !== undefined && wanted !== undefined && !coversClass(given, wanted))
    found.push(
      problem("certificate_class_mismatch", "certificate_class", {
        certificate: given,
        class: wanted,
      }),
    );
  return found;
}

/** Everything that the answers alone tell; places and QR readings are the server's to compare. */
export function answerProblems(given: Given, filed: string): Found {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const shapes = entries.flatMap(
    ([name, value]) => shapeProblem(name as keyof Answers, value) ?? [],
  );
  if (shapes.length > 0) return [...shapes, ...neededFields(given)];
  const dates = entries.flatMap(
    ([name, value]) => dateProblem(name as keyof Answers, value, filed) ?? [],
  );
  const unusable = new Set<string>(dates.map(({ field }) => field));
  const sound = Object.fromEntries(entries.filter(([name]) => !unusable.has(name))) as Given;
  return [
    ...dates,
    ...neededFields(given),
    ...procedureFound(sound, filed),
    ...personFound(sound, filed),
    ...licenceFound(sound, filed),
    ...certificateFound(sound, filed),
  ];
}
