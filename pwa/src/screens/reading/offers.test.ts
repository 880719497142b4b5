import { describe, expect, it } from "vitest";
import type { Photo, PhotoReading } from "../../drafts/index.ts";
import { asks } from "../applicant/asks.ts";
import { offersOf } from "./offers.ts";

const PHOTOS = [{ id: "b1", kind: "licence_back" }] as Photo[];
const says = (field: string, value: string, more: Partial<PhotoReading> = {}): PhotoReading => ({
  photo: "licence_back",
  id: "b1",
  field,
  value,
  confidence: 0.9,
  source: "licence_qr",
  ...more,
});
const offered = (readings: PhotoReading[], values = {}, photos = PHOTOS) =>
  offersOf(readings, photos, values, Object.values(asks)).map(({ ask, value, match, sure }) => ({
    name: ask.name,
    value,
    match,
    sure,
  }));

describe("what photos say", () => {
  it("is offered for an empty field in the form's own spelling", () => {
    expect(offered([says("licence_number", "270 812 345 678")])).toEqual([
      { name: "licence_number", value: "270812345678", match: "empty", sure: true },
    ]);
    expect(offered([says("licence_number", "270812345678")], { licence_number: "" })).toMatchObject(
      [{ match: "empty" }],
    );
  });

  it("is compared with what was entered, and changes nothing", () => {
    const values = Object.freeze({ licence_number: "270812345678", full_name: "Nguyễn Thị Hoa" });
    const readings = [says("licence_number", "270812345679"), says("full_name", "NGUYỄN THỊ HOA")];
    expect(offered(readings, values)).toMatchObject([
      { name: "full_name", match: "same" },
      { name: "licence_number", match: "differs" },
    ]);
  });

  it("counts diacritics, in either composition", () => {
    const entered = { full_name: "Trần Thị Tài" };
    expect(offered([says("full_name", "Trần Thị Tải")], entered)).toMatchObject([
      { match: "differs" },
    ]);
    expect(offered([says("full_name", "Trần Thị Tài".normalize("NFD"))], entered)).toMatchObject([
      { match: "same" },
    ]);
  });

  it("compares a birth date with the year alone where a paper gives no more", () => {
    const read = [says("date_of_birth", "1958")];
    expect(offered(read, { date_of_birth: "1958-03-01" })).toMatchObject([{ match: "same" }]);
    expect(offered(read, { date_of_birth: "1959-03-01" })).toMatchObject([{ match: "differs" }]);
  });

  it("leaves out a photo that was taken again, and fields that are not asked", () => {
    expect(offered([says("licence_number", "270812345678", { id: "a0" })])).toEqual([]);
    expect(offered([says("identity_issue_date", "2021-05-01")])).toEqual([]);
    expect(offersOf([says("licence_number", "270812345678")], PHOTOS, {}, [asks.phone])).toEqual(
      [],
    );
  });

  it("leaves out what the form would not take", () => {
    expect(offered([says("licence_issue_date", "2026-02-30")])).toEqual([]);
    expect(offered([says("licence_class", "B")], { licence_regime: "2008" })).toEqual([]);
    expect(offered([says("licence_class", "Z9")], { licence_regime: "2025" })).toEqual([]);
    expect(offered([says("licence_class", "B")], { licence_regime: "2025" })).toMatchObject([
      { value: "B", match: "empty" },
    ]);
  });

  it("names both when two readings disagree, the code before the print, and says what is unsure", () => {
    const readings = [
      says("licence_number", "270812345678", { confidence: 0.99, source: "print" }),
      says("licence_number", "270812345679", { confidence: 0.9 }),
      says("licence_number", "270812345679", { confidence: 0.98, source: "print" }),
    ];
    expect(offersOf(readings, PHOTOS, {}, [asks.licence_number])).toMatchObject([
      { value: "270812345679", source: "licence_qr", sure: true },
      { value: "270812345678", source: "print", sure: true },
    ]);
  });

  it("puts the surer print first, and says what is unsure", () => {
    const readings = [
      says("licence_serial", "AB123456", { confidence: 0.6, source: "print" }),
      says("licence_serial", "AB123457", { confidence: 0.95, source: "print" }),
      says("licence_serial", "AB123457", { confidence: 0.5, source: "print" }),
    ];
    expect(offered(readings)).toEqual([
      { name: "licence_serial", value: "AB123457", match: "empty", sure: true },
      { name: "licence_serial", value: "AB123456", match: "empty", sure: false },
    ]);
  });
});
