import { expect, it } from "vitest";
import { allows } from "./status.ts";

const marked = (...targets: string[]) => ({
  n: 2,
  items: targets.map((target) => ({ target, reason: "own", text: "Sai." })),
  note: "",
});

it("opens what was marked, and everything where the whole dossier was", () => {
  expect(allows(marked("phone"), "phone")).toBe(true);
  expect(allows(marked("phone"), "full_name")).toBe(false);
  expect(allows(marked("phone", "submission"), "full_name")).toBe(true);
  expect(allows(marked("submission"), "photo:portrait")).toBe(true);
});
