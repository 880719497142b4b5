import { describe, expect, it } from "vitest";
import { en as clerkEn } from "./clerk/words/en.ts";
import { vi as clerkVi } from "./clerk/words/vi.ts";
import { en as devicesEn } from "./devices/words/en.ts";
import { vi as devicesVi } from "./devices/words/vi.ts";
import { en as doorEn } from "./door/words/en.ts";
import { vi as doorVi } from "./door/words/vi.ts";
import { en as handoverEn } from "./handover/words/en.ts";
import { vi as handoverVi } from "./handover/words/vi.ts";
import { en as identityEn } from "./identity/words/en.ts";
import { vi as identityVi } from "./identity/words/vi.ts";
import { en as noticesEn } from "./notices/words/en.ts";
import { vi as noticesVi } from "./notices/words/vi.ts";
import { en as officerEn } from "./officer/words/en.ts";
import { vi as officerVi } from "./officer/words/vi.ts";
import { en as openingsEn } from "./openings/words/en.ts";
import { vi as openingsVi } from "./openings/words/vi.ts";
import { en as papersEn } from "./papers/words/en.ts";
import { vi as papersVi } from "./papers/words/vi.ts";
import { en as paymentEn } from "./payment/words/en.ts";
import { vi as paymentVi } from "./payment/words/vi.ts";
import { en as queueEn } from "./queue/words/en.ts";
import { vi as queueVi } from "./queue/words/vi.ts";
import { en as readingEn } from "./reading/words/en.ts";
import { vi as readingVi } from "./reading/words/vi.ts";

const catalogues: [string, Record<string, string>, Record<string, string>][] = [
  ["door", doorVi, doorEn],
  ["clerk", clerkVi, clerkEn],
  ["devices", devicesVi, devicesEn],
  ["handover", handoverVi, handoverEn],
  ["identity", identityVi, identityEn],
  ["notices", noticesVi, noticesEn],
  ["officer", officerVi, officerEn],
  ["openings", openingsVi, openingsEn],
  ["papers", papersVi, papersEn],
  ["payment", paymentVi, paymentEn],
  ["queue", queueVi, queueEn],
  ["reading", readingVi, readingEn],
];
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((hole) => hole[1]).sort();

describe.each(catalogues)("%s words", (_name, vietnamese, english) => {
  it("have the same keys and placeholders in both languages", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(vietnamese).sort());
    for (const [key, text] of Object.entries(vietnamese)) {
      expect(holes(english[key] ?? ""), key).toEqual(holes(text));
    }
  });

  it("are composed (NFC) and keep the house's voice", () => {
    for (const [key, text] of Object.entries(vietnamese)) {
      expect(text.normalize("NFC"), key).toBe(text);
      expect(text, key).not.toMatch(/!|thành công|(?<!\p{L})(bác|anh|chị|ông|bà)(?!\p{L})/iu);
    }
  });
});
