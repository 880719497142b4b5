import { describe, expect, it } from "vitest";
import { en as applicantEn } from "../screens/applicant/words/en.ts";
import { vi as applicantVi } from "../screens/applicant/words/vi.ts";
import { en } from "./en.ts";
import { fill } from "./language.ts";
import { vi } from "./vi.ts";

const catalogues: [string, Record<string, string>, Record<string, string>][] = [
  ["shared", vi, en],
  ["applicant", applicantVi, applicantEn],
];
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort();

describe.each(catalogues)("%s words", (_name, vietnamese, english) => {
  it("have the same keys in both languages", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(vietnamese).sort());
  });

  it("have the same placeholders in both languages", () => {
    for (const [key, text] of Object.entries(vietnamese)) {
      expect(holes(english[key] ?? ""), key).toEqual(holes(text));
    }
  });

  it("are composed (NFC) and keep the house's voice", () => {
    for (const [key, text] of Object.entries(vietnamese)) {
      expect(text.normalize("NFC"), key).toBe(text);
      expect(text, key).not.toMatch(
        /!|thành công|(?<!\p{L})(bác|(?<!tiếng )anh|chị|ông|bà)(?!\p{L})/iu,
      );
    }
  });
});

it("fills placeholders and leaves an unknown one visible", () => {
  expect(fill("{a}/{b}", { a: 1 })).toBe("1/{b}");
});
