import { expect, it } from "vitest";
import type { DossierRow } from "../../drafts/index.ts";
import { type HelpedRow, isOpen, linesOf } from "./rows.ts";

const NOW = Date.parse("2026-11-22T03:00:00Z"); // 10:00 in Vietnam
const local = (dossier: string, more: Partial<DossierRow> = {}): DossierRow => ({
  dossier,
  owner: "o",
  slip: "K7M2P9QX",
  updatedAt: "2026-11-22T02:00:00Z",
  submittedAt: null,
  sending: { state: "unsent", sent: 0, total: 0 },
  group: null,
  code: null,
  readable: true,
  ...more,
});
const helped = (dossier: string, more: Partial<HelpedRow> = {}): HelpedRow => ({
  dossier,
  slip: "AAAABBBB",
  name: "Nguyễn Văn Mẫu",
  state: "forwarded",
  dossier_code: "H05",
  missing: [],
  received_at: "2026-11-22T01:00:00Z",
  ...more,
});

it("names nobody whom the server has not named", () => {
  const [line] = linesOf([local("a")], [], NOW);
  expect(line).toMatchObject({ name: null, slip: null, state: null });
  expect(line && isOpen(line)).toBe(true);
});

it("joins what is here and what the server knows, each once, the latest first", () => {
  const sent = local("b", { submittedAt: "2026-11-22T00:30:00Z", readable: false });
  const lines = linesOf([local("a"), sent], [helped("b"), helped("c", { received_at: null })], NOW);
  expect(lines.map(({ dossier }) => dossier)).toEqual(["a", "b", "c"]);
  expect(lines[1]).toMatchObject({ slip: "AAAABBBB", state: "forwarded", name: "Nguyễn Văn Mẫu" });
  expect(lines.filter(isOpen)).toHaveLength(1);
});

it("drops what was sent on another day, and keeps what is still unsent", () => {
  const old = { updatedAt: "2026-11-20T02:00:00Z" };
  const gone = local("b", { ...old, submittedAt: "2026-11-20T02:00:00Z", readable: false });
  expect(linesOf([local("a", old), gone], [], NOW).map(({ dossier }) => dossier)).toEqual(["a"]);
});

it("counts missing parts by photo", () => {
  const missing = ["chunk:d:p1:0", "chunk:d:p1:3", "chunk:d:p2:1"];
  const [line] = linesOf([], [helped("d", { missing })], NOW);
  expect(line?.missing).toEqual({ parts: 3, photos: 2 });
});
