import { describe, expect, it } from "vitest";
import {
  readDate,
  showDate,
  showInstant,
  showMoney,
  showNumber,
  showPhone,
  showSlip,
} from "./format.ts";

describe("what is shown", () => {
  it("writes days, money and numbers the Vietnamese way", () => {
    expect(showDate("1990-03-15")).toBe("15/03/1990");
    expect(showDate("1951")).toBe("1951");
    expect(showMoney(115000)).toBe("115.000 đ");
    expect(showMoney(0)).toBe("0 đ");
    expect(showMoney(1234567)).toBe("1.234.567 đ");
    expect(showNumber("751195002226")).toBe("751 195 002 226");
    expect(showNumber("AB 123")).toBe("AB 123");
    expect(showSlip("K7M2P9QX")).toBe("K7M2 P9QX");
    expect(showPhone("+84912345678")).toBe("0912 345 678");
  });

  it("shows an instant in Vietnam's time, also across midnight", () => {
    expect(showInstant("2026-11-22T18:05:00Z")).toBe("01:05 23/11/2026");
  });
});

describe("readDate", () => {
  it.each([
    ["15/3/1990", "1990-03-15"],
    ["15031990", "1990-03-15"],
    ["1.12.2020", "2020-12-01"],
    [" 29/02/2024 ", "2024-02-29"],
  ])("%s → %s", (typed, iso) => {
    expect(readDate(typed)).toBe(iso);
  });

  it.each(["31/02/2024", "29/02/2023", "1990", "15/13/1990", "abc", ""])("refuses %s", (typed) => {
    expect(readDate(typed)).toBeNull();
  });
});
