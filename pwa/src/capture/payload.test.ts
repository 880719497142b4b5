import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/qr.json" with { type: "json" };
import { LARGEST, readPayload } from "./payload.ts";

/** The server's names of what an ID card says, and the answers'. */
const ANSWERS: Record<string, string> = {
  number: "identity_number",
  old_number: "old_identity_number",
  name: "full_name",
  address: "residence_legacy",
  issue_date: "identity_issue_date",
};

describe("readPayload", () => {
  it.each(vectors.cases)("reads $text as $kind", ({ text, kind, fields }) => {
    const found = readPayload(text);
    const named = Object.entries(fields).map(([name, value]) => [ANSWERS[name] ?? name, value]);
    expect(found.kind).toBe(kind);
    if (found.kind === "id_card") expect(found.fields).toEqual(Object.fromEntries(named));
    if (found.kind === "signed_certificate") expect(found.text).toBe(fields.signed);
    if (found.kind === "certificate") expect(found.number).toBe(fields.number);
  });

  it("takes decomposed letters", () => {
    const card = vectors.cases[0]?.text ?? "";
    expect(readPayload(card.normalize("NFD"))).toEqual(readPayload(card));
  });

  it("keeps anything else as plain text, without direction tricks, cut at a code's largest size", () => {
    const found = readPayload(`<img src=x onerror=alert(1)>\u202e${"a".repeat(5000)}`);
    expect(found.kind).toBe("other");
    expect("text" in found && found.text.length).toBeLessThanOrEqual(LARGEST);
    expect("text" in found && found.text).not.toMatch(/\u202e/);
  });
});
