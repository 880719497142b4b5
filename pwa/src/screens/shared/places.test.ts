import { describe, expect, it } from "vitest";
import {
  findCommunes,
  fold,
  HOME_PROVINCE,
  intakePoints,
  loadCommunes,
  PROVINCES,
} from "./places.ts";

describe("places", () => {
  it("finds a commune by its new and by its old name, without accents", async () => {
    const communes = await loadCommunes();
    expect(communes).toHaveLength(99);
    expect(findCommunes(communes, "nhan thang")[0]?.name).toBe("Xã Nhân Thắng");
    expect(findCommunes(communes, "van ninh").map(({ name }) => name)).toContain("Xã Cao Đức");
    expect(findCommunes(communes, "khongco")).toEqual([]);
  });

  it("folds the Vietnamese d as well", () => {
    expect(fold("Đại Đồng Ế")).toBe("dai dong e");
  });

  it("has the eleven points and the home province", () => {
    expect(intakePoints()).toHaveLength(11);
    expect(PROVINCES.find(({ code }) => code === HOME_PROVINCE)?.name).toBe("Bắc Ninh");
  });
});
