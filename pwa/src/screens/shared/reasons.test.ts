import { expect, it } from "vitest";
import { explain, whyFound } from "./explain.ts";
import { rejectWords, returnWords } from "./reasons.ts";

const photo = { target: "photo:licence_front", reason: "blurred", text: "" };

it("says why something is returned, by the ready reason and the officer's own words", () => {
  expect(returnWords(photo)).toBe("Ảnh mặt trước giấy phép bị mờ, xin chụp lại.");
  expect(returnWords({ ...photo, text: "Góc trái." })).toMatch(/xin chụp lại\. Góc trái\.$/);
  expect(returnWords({ ...photo, reason: "own", text: "Chụp cả viền." })).toBe(
    "Ảnh mặt trước giấy phép: Chụp cả viền.",
  );
});

it("says why a dossier was not granted, never by a bare code", () => {
  expect(rejectWords("violation_open", "")).toMatch(/^Còn vi phạm giao thông/);
  expect(rejectWords("violation_open", "Biên bản 12.")).toMatch(/nộp lại\. Biên bản 12\.$/);
  expect(rejectWords("Không có hồ sơ gốc", null)).toBe("Không có hồ sơ gốc");
});

it("tells what was found without asking for what cannot be done any more", () => {
  const found = ["expires_soon", "licence_expiry", { days: 7 }] as const;
  expect(explain(...found)).toContain("gửi hồ sơ sớm");
  expect(whyFound(...found)).toBe("Giấy phép còn 7 ngày.");
  expect(whyFound("reading_differs", "full_name", { source: "id_card_qr" })).not.toMatch(/xin/i);
  expect(whyFound("no_such_code", "full_name")).toBeNull();
});
