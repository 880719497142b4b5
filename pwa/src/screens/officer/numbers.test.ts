import { describe, expect, it } from "vitest";
import {
  monthAfter,
  monthInVietnam,
  monthsWith,
  showCount,
  showMonth,
  showShare,
} from "./numbers.ts";

describe("counts", () => {
  it("writes counts and shares as the language does", () => {
    expect([showCount(2490), showShare(44.78), showShare(5)]).toEqual([
      "2.490",
      "44,78\u00a0%",
      "5,00\u00a0%",
    ]);
    expect(monthInVietnam(new Date("2026-10-31T17:00:00Z"))).toBe("2026-11");
  });
});

describe("months", () => {
  it("go over the year's end and into the list", () => {
    expect([monthAfter("2026-12", 1), monthAfter("2026-01", -1)]).toEqual(["2027-01", "2025-12"]);
    const listed = monthsWith("2022-10", new Date("2026-11-23T00:00:00Z"));
    expect([listed[0], listed[35], listed[36]]).toEqual(["2026-11", "2023-12", "2022-10"]);
    expect(listed).toHaveLength(37);
    expect(monthsWith("2026-11", new Date("2026-11-23T00:00:00Z"))).toHaveLength(36);
    expect(showMonth("2026-11")).toBe("11/2026");
  });
});
