import { describe, expect, it } from "vitest";
import { LARGEST, readPayload } from "./payload.ts";

const CARD =
  "027090000123|125000123|Nguyễn Văn Mẫu|15031990|Nam|Thôn Ví Dụ, Vạn Ninh, Gia Bình, Bắc Ninh|01052021";

describe("readPayload", () => {
  it("takes the seven fields of an ID card", () => {
    expect(readPayload(CARD.normalize("NFD"))).toEqual({
      kind: "id_card",
      fields: {
        identity_number: "027090000123",
        old_identity_number: "125000123",
        full_name: "Nguyễn Văn Mẫu",
        date_of_birth: "1990-03-15",
        sex: "male",
        residence_legacy: "Thôn Ví Dụ, Vạn Ninh, Gia Bình, Bắc Ninh",
        identity_issue_date: "2021-05-01",
      },
    });
  });

  it("takes a card with more fields, without an old number, and of a woman", () => {
    const found = readPayload("027190000123||Nguyễn Thị Mẫu|00001951|Nữ|Vạn Ninh|01052021|x|y");
    expect(found).toMatchObject({
      kind: "id_card",
      fields: { sex: "female", date_of_birth: "1951" },
    });
    expect(found).not.toHaveProperty("fields.old_identity_number");
  });

  it.each([
    ["an impossible day", CARD.replace("15031990", "31021990")],
    ["a short number", CARD.replace("027090000123", "27090000123")],
    ["no sex", CARD.replace("Nam", "?")],
  ])("does not take %s for a card", (_what, text) => {
    expect(readPayload(text).kind).not.toBe("id_card");
  });

  it("finds a certificate's number, also inside other text", () => {
    expect(readPayload("https://x.example/?so=00001 / gksklx/27001/26")).toMatchObject({
      kind: "certificate",
      number: "00001/GKSKLX/27001/26",
    });
  });

  it("finds a licence's number", () => {
    expect(readPayload("751195002226;B2")).toMatchObject({
      kind: "licence",
      number: "751195002226",
    });
  });

  it("keeps anything else as plain text, without direction tricks, cut at a code's largest size", () => {
    const found = readPayload(`<img src=x onerror=alert(1)>\u202e${"a".repeat(5000)}`);
    expect(found.kind).toBe("other");
    expect("text" in found && found.text.length).toBeLessThanOrEqual(LARGEST);
    expect("text" in found && found.text).not.toMatch(/\u202e/);
  });
});
