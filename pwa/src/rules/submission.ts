/* Generated from submission.schema.json by `npm run types`. */

export type Id = string;
/**
 * YYYY-MM-DD, or YYYY where the papers give the year only
 */
export type Birth = string;
/**
 * A code of licence_classes.json
 */
export type Class = string;
export type Date = string;
export type Time = string;

/**
 * Shapes only. What is required, allowed and agrees with what, by filing date, is data of the rules. All strings are NFC.
 */
export interface Submission {
  schema: "submission/1";
  dossier: Id;
  n: number;
  answers: Answers;
  slip: string;
  /**
   * @maxItems 12
   */
  photos: Photo[];
  /**
   * @maxItems 12
   */
  readings: Reading[];
  /**
   * @maxItems 12
   */
  consents: Consent[];
  declared_at: Time;
  device_time: Time;
  language: "vi" | "en";
  helper?: Helper;
}
export interface Answers {
  procedure?: "doi" | "cap_lai";
  licence_held?: "card" | "lost" | "foreign" | "military" | "old_police";
  reason?: "damaged" | "expiring" | "information_changed";
  full_name?: string;
  date_of_birth?: Birth;
  sex?: "male" | "female";
  nationality?: string;
  identity_number?: string;
  residence_line?: string;
  residence_commune?: string;
  residence_province?: string;
  /**
   * The address exactly as the paper gives it, with districts and provinces of its day
   */
  residence_legacy?: string;
  phone?: string;
  /**
   * 12 digits without separators; cards on paper: as printed
   */
  licence_number?: string;
  licence_regime?: "2008" | "2025";
  licence_class?: Class;
  licence_issue_date?: Date;
  licence_issue_place?: string;
  licence_expiry?: string;
  licence_serial?: string;
  /**
   * Of a second licence that the person holds and keeps
   */
  other_licence_number?: string;
  other_licence_class?: Class;
  requested_class?: Class;
  /**
   * The right to use the licence is at present withdrawn
   */
  revoked?: boolean;
  /**
   * The day of the loss, as near as is known
   */
  loss_date?: string;
  /**
   * Where and how the licence was lost
   */
  loss_place?: string;
  /**
   * Declared: the licence is lost, not seized, revoked or pledged
   */
  loss_declared?: boolean;
  certificate_number?: string;
  /**
   * Date of the conclusion
   */
  certificate_date?: string;
  certificate_class?: Class;
  delivery_method?: "post" | "counter";
  delivery_line?: string;
  delivery_commune?: string;
  /**
   * An id of intake_points.json
   */
  delivery_point?: string;
}
export interface Photo {
  id: Id;
  kind: "licence_front" | "licence_back" | "portrait" | "health_certificate";
  /**
   * SHA-256 of the plain bytes
   */
  sha256: string;
  type: "image/jpeg";
  /**
   * bytes
   */
  size: number;
  width: number;
  height: number;
}
export interface Reading {
  source: "id_card_qr" | "certificate_qr" | "licence_qr" | "other_qr";
  /**
   * Raw text; never of an ID card, whose string is not kept once its fields are confirmed
   */
  text?: string;
  /**
   * Same keys and spellings as answers; an ID card gives identity_number, old_identity_number, full_name, date_of_birth, sex, residence_legacy, identity_issue_date
   */
  fields: {
    [k: string]: string;
  };
}
export interface Consent {
  purpose: string;
  version: string;
  given_at: Time;
}
export interface Helper {
  account: string;
  point: string;
  confirmation: "present" | "otp" | "paper";
}

export type PhotoKind = Photo["kind"];
export type ReadingSource = Reading["source"];
