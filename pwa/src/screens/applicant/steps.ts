/** The applicant's way through đổi giấy phép lái xe: one question a page, in this order. */
import type { Answers, FieldValues, PhotoKind } from "../../drafts/index.ts";
import { certificateNeeded, exchangeTargets, triage } from "../../rules/index.ts";
import { HOME_PROVINCE } from "../shared/places.ts";
import { type Ask, asks } from "./asks.ts";
import { classOf } from "./classes.ts";
import type { WordKey } from "./words/index.ts";

export type Values = Partial<FieldValues>;

export type Part =
  | "papers"
  | "identity"
  | "residence"
  | "photos"
  | "licence"
  | "portrait"
  | "certificate"
  | "delivery"
  | "finish";

/** Pages that are more than fields; each is a custom element of that name. */
export type View =
  | "db-scan-view"
  | "db-person-view"
  | "db-photo-view"
  | "db-certificate-view"
  | "db-check-view"
  | "db-send-view"
  | "db-done-view"
  | "db-elsewhere-view";

export interface Step {
  /** Last part of the address, and the draft's position. */
  readonly id: string;
  readonly part: Part;
  readonly title: WordKey;
  readonly why?: WordKey;
  /** Key of laws.json. */
  readonly law?: string;
  readonly asks?: readonly Ask[];
  readonly view?: View;
  readonly photo?: PhotoKind;
  readonly when?: (values: Values) => boolean;
  /** Values that follow from the answers of this page. */
  readonly derive?: (values: Values) => Values;
  /** After this page the rules may say that the case belongs to a counter. */
  readonly decides?: boolean;
}

const lost = (values: Values): boolean => values.licence_held === "lost";
const hasCard = (values: Values): boolean => !lost(values);
const wantsCertificate = (values: Values): boolean =>
  values.licence_class !== undefined && certificateNeeded(values);

const NO_LOSS: Values = { loss_date: undefined, loss_place: undefined, loss_declared: undefined };

export const STEPS: readonly Step[] = [
  {
    id: "giay-to",
    part: "papers",
    title: "held.title",
    why: "held.why",
    asks: [asks.licence_held],
    derive: (values) => ({
      procedure: lost(values) ? "cap_lai" : "doi",
      ...(lost(values) ? { reason: undefined } : NO_LOSS),
    }),
    decides: true,
  },
  {
    id: "mat-giay",
    part: "papers",
    title: "loss.title",
    why: "loss.why",
    law: "c108_2026",
    asks: [asks.loss_date, asks.loss_place, asks.loss_declared],
    when: lost,
  },
  {
    id: "tuoc-quyen",
    part: "papers",
    title: "revoked.title",
    why: "revoked.why",
    law: "law36_62",
    asks: [asks.revoked],
  },
  {
    id: "ly-do",
    part: "papers",
    title: "reason.title",
    why: "reason.why",
    law: "law36_62",
    asks: [asks.reason],
    when: hasCard,
  },
  { id: "can-cuoc", part: "identity", title: "id.title", why: "id.why", view: "db-scan-view" },
  {
    id: "dung-nguoi",
    part: "identity",
    title: "person.title",
    view: "db-person-view",
    when: (values) => values["reading.id_card_qr"] !== undefined,
  },
  {
    id: "ban-than",
    part: "identity",
    title: "self.title",
    why: "self.why",
    law: "cccd_59_2021",
    asks: [asks.full_name, asks.date_of_birth, asks.sex, asks.identity_number, asks.nationality],
    decides: true,
  },
  {
    id: "noi-o",
    part: "residence",
    title: "residence.title",
    why: "residence.why",
    asks: [asks.residence_line, asks.residence_province, asks.residence_commune],
    derive: (values) =>
      values.residence_province === HOME_PROVINCE ? {} : { residence_commune: undefined },
  },
  {
    id: "anh-mat-truoc",
    part: "photos",
    title: "photo.front",
    why: "photo.why",
    view: "db-photo-view",
    photo: "licence_front",
    when: hasCard,
  },
  {
    id: "anh-mat-sau",
    part: "photos",
    title: "photo.back",
    why: "photo.why",
    view: "db-photo-view",
    photo: "licence_back",
    when: hasCard,
  },
  {
    id: "so-giay-phep",
    part: "licence",
    title: "licence.title",
    why: "licence.why",
    asks: [
      asks.licence_number,
      asks.licence_issue_date,
      asks.licence_regime,
      asks.licence_issue_place,
      asks.licence_serial,
    ],
    derive: ({ licence_issue_date }) =>
      licence_issue_date
        ? { licence_regime: licence_issue_date < "2025-01-01" ? "2008" : "2025" }
        : {},
  },
  {
    id: "hang",
    part: "licence",
    title: "class.title",
    why: "class.why",
    law: "law36_89",
    asks: [
      asks.licence_class,
      asks.licence_expiry,
      asks.other_licence_number,
      asks.other_licence_class,
    ],
    derive: afterClass,
    decides: true,
  },
  {
    id: "hang-moi",
    part: "licence",
    title: "target.title",
    why: "target.why",
    law: "law36_89",
    asks: [asks.requested_class],
    when: (values) => targets(values).length > 1,
  },
  {
    id: "chan-dung",
    part: "portrait",
    title: "photo.portrait",
    why: "photo.portrait_why",
    view: "db-photo-view",
    photo: "portrait",
  },
  {
    id: "giay-kham",
    part: "certificate",
    title: "certificate.title",
    why: "certificate.why",
    law: "c36_2024_byt",
    view: "db-certificate-view",
    asks: [asks.certificate_number, asks.certificate_date, asks.certificate_class],
    when: wantsCertificate,
  },
  {
    id: "anh-giay-kham",
    part: "certificate",
    title: "photo.certificate",
    why: "certificate.why",
    view: "db-photo-view",
    photo: "health_certificate",
    when: wantsCertificate,
  },
  {
    id: "dien-thoai",
    part: "delivery",
    title: "contact.title",
    why: "contact.why",
    asks: [asks.phone],
  },
  {
    id: "nhan-the",
    part: "delivery",
    title: "delivery.title",
    why: "delivery.why",
    asks: [asks.delivery_method, asks.delivery_line, asks.delivery_commune, asks.delivery_point],
  },
  { id: "xem-lai", part: "finish", title: "check.title", view: "db-check-view" },
  { id: "gui", part: "finish", title: "send.title", law: "law91_2025", view: "db-send-view" },
];

/** Pages beside the way: reached from it, never counted. */
export const ASIDE: readonly Step[] = [
  { id: "tai-quay", part: "papers", title: "elsewhere.where", view: "db-elsewhere-view" },
  { id: "da-ghi", part: "finish", title: "done.title", view: "db-done-view" },
];

export const FIRST = "giay-to";
export const CHECK = "xem-lai";
export const SEND = "gui";
export const ELSEWHERE = "tai-quay";
export const DONE = "da-ghi";

export const stepOf = (id: string): Step | undefined =>
  [...STEPS, ...ASIDE].find((step) => step.id === id);

/** The pages this dossier has, given what was answered so far. */
export const way = (values: Values): readonly Step[] =>
  STEPS.filter((step) => step.when?.(values) ?? true);

/** Where *Tiếp tục* leads. */
export function nextOf(step: Step, values: Values): string {
  if (step.decides && !triage(values).online) return ELSEWHERE;
  const at = STEPS.indexOf(step);
  return STEPS.slice(at + 1).find((later) => later.when?.(values) ?? true)?.id ?? CHECK;
}

/** Where *Quay lại* leads; null on the first page. */
export function beforeOf(step: Step, values: Values): string | null {
  const at = STEPS.indexOf(step);
  return (
    STEPS.slice(0, Math.max(0, at)).findLast((earlier) => earlier.when?.(values) ?? true)?.id ??
    null
  );
}

/**
 * "Bước n trong of": parts are counted, not pages, so the number stays small. Until the class is
 * known the certificate counts too, so the number can fall but never grow.
 */
export function progressOf(step: Step, values: Values): { n: number; of: number } {
  const known = values.licence_class !== undefined;
  const counted = STEPS.filter((one) => (known ? (one.when?.(values) ?? true) : true));
  const parts = [...new Set(counted.map(({ part }) => part))];
  return { n: parts.indexOf(step.part) + 1, of: parts.length };
}

/** The page that asks for an answer or `photo:<kind>`. */
export function stepFor(target: string): Step | undefined {
  return (
    STEPS.find(
      (step) => target === `photo:${step.photo}` || step.asks?.some(({ name }) => name === target),
    ) ?? (target === "consents" ? stepOf(SEND) : undefined)
  );
}

function targets({ licence_regime: regime, licence_class: held }: Values): readonly string[] {
  return regime && held ? exchangeTargets(regime, held) : [];
}

function afterClass(values: Values): Values {
  const [only, ...more] = targets(values);
  const still = targets(values).includes(values.requested_class ?? "");
  const unlimited = classOf(values.licence_regime, values.licence_class)?.unlimited;
  return {
    ...(values.other_licence_number ? {} : { other_licence_class: undefined }),
    ...(more.length === 0 && only ? { requested_class: only as Answers["requested_class"] } : {}),
    ...(more.length > 0 && !still ? { requested_class: undefined } : {}),
    ...(unlimited ? { licence_expiry: "unlimited" } : {}),
    ...(!unlimited && values.licence_expiry === "unlimited" ? { licence_expiry: undefined } : {}),
  };
}
