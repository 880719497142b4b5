import { describe, expect, it } from "vitest";
import { monthInVietnam, showCount, showShare } from "./numbers.ts";

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
