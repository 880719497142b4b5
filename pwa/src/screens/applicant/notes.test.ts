import { expect, it } from "vitest";
import { expiryWarning } from "./notes.ts";

it.each([
  ["2027-11-23", null],
  ["2026-11-30", { key: "class.days_left", days: 7 }],
  ["2026-11-23", { key: "class.days_left", days: 0 }],
  ["2026-11-13", { key: "class.overdue", days: 10 }],
  ["2026-10-20", null],
  ["2025-11-20", null],
  ["unlimited", null],
  [undefined, null],
])("never promises an exchange where a test is needed: %s", (expiry, want) => {
  expect(expiryWarning(expiry, "2026-11-23")).toEqual(want);
});
