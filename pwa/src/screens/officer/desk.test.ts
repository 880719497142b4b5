import { describe, expect, it } from "vitest";
import { OWN } from "../shared/reasons.ts";
import { actionsOf } from "./allowed.ts";
import { rowsOf } from "./fields.ts";
import { commandOf } from "./keys.ts";
import type { DeskDossier, Finding } from "./model.ts";
import { lawsOn, rejectReasons, targetsOf, ticked, unexplained } from "./reasons.ts";
import { secondsLeft } from "./undo.ts";
import { around, FIT, fitted, held, moved, onto, turned, zoomed } from "./viewport.ts";

const finding = (field: string, severity: Finding["severity"]): Finding => ({
  code: "reading_differs",
  field,
  severity,
  params: {},
});
const base = {
  state: "forwarded",
  pending: null,
  wait: null,
  waits: [],
  problems: [],
  forwarding: null,
  answers: { full_name: "A", phone: "+84912345678", revoked: false },
  photos: [{ id: "1", kind: "licence_front", width: 1600, height: 1009 }],
  findings: [],
  comparison: [],
} as unknown as DeskDossier;

describe("what may be done besides deciding", () => {
  it("tries what waits, pauses what is under way and resumes what was paused", () => {
    const waits = [{ what: "post", since: "", next_try: null, tries: 1, reason: null }] as const;
    expect(actionsOf({ ...base, state: "waiting", waits })).toEqual(["try_now", "park"]);
    expect(actionsOf({ ...base, state: "delivered", waits })).toEqual(["try_now"]);
    expect(actionsOf(base)).toEqual(["park"]);
    expect(actionsOf({ ...base, state: "parked" })).toEqual(["resume"]);
    expect(actionsOf({ ...base, state: "delivered" })).toEqual([]);
    const failed = { number: "EB123456785VN", state: "failed", point: null };
    const back = { ...base, state: "parked", consignment: failed };
    expect(actionsOf(back)).toEqual(["resume", "pick_up"]);
    const kept = { number: null, state: "pick_up", point: "bn-08" };
    expect(actionsOf({ ...base, state: "produced", consignment: kept })).toContain("collect");
    expect(actionsOf({ ...base, state: "produced" })).not.toContain("collect");
    expect(actionsOf({ ...base, pending: { outcome: "approve", until: "", by: "" } })).toEqual([]);
  });
});

describe("what is asked for again", () => {
  it("offers what was found first, and ticks only errors", () => {
    const findings = [
      finding("phone", "warning"),
      finding("full_name", "error"),
      finding("revoked", "notice"),
    ];
    const targets = targetsOf({ ...base, findings });
    expect(targets.slice(0, 2)).toEqual(["phone", "full_name"]);
    expect(targets).toContain("photo:licence_front");
    expect(targets).not.toContain("revoked");
    expect(ticked({ ...base, findings }, targets)).toEqual(["full_name"]);
  });

  it("needs a reason or words for each", () => {
    const blurred = { target: "photo:licence_front", reason: "blurred", text: "" };
    const silent = { target: "revoked", reason: OWN, text: "" };
    expect(unexplained([blurred])).toBeNull();
    expect(unexplained([blurred, silent])).toBe(silent);
    expect(unexplained([{ ...silent, text: "Xin ghi rõ." }])).toBeNull();
  });

  it("knows for every refusal a law that is in force", () => {
    const laws = new Set(lawsOn("2026-11-22").map(({ value }) => value));
    for (const { value, law } of rejectReasons()) expect(laws.has(law), value).toBe(true);
  });
});

describe("the fields", () => {
  it("come once each, in the order of the form, also where only a code speaks", () => {
    const read = {
      field: "full_name",
      typed: "A",
      qr: "B",
      print: null,
      registry: null,
      result: "differs",
      crop: null,
    } as const;
    const only = { ...read, field: "old_identity_number", typed: null, result: null };
    const rows = rowsOf({ answers: { phone: "1", full_name: "A" }, comparison: [only, read] });
    expect(rows.map(({ field }) => field)).toEqual(["full_name", "phone", "old_identity_number"]);
    expect(rows[0]).toBe(read);
  });
});

describe("a photo in its frame", () => {
  const photo = { width: 1600, height: 1000 };
  const frame = { width: 800, height: 800 };

  it("fits whole, lying or upright", () => {
    expect(fitted(photo, frame, 0)).toEqual({ width: 800, height: 500 });
    expect(fitted(photo, frame, 90)).toEqual({ width: 500, height: 800 });
  });

  it("grows around the pointer and never leaves the frame", () => {
    const near = zoomed(FIT, 2, { x: 100, y: 50 });
    expect(near).toEqual({ zoom: 2, x: -100, y: -50, turn: 0 });
    expect(zoomed(near, 0.01).zoom).toBe(1);
    expect(zoomed(near, 1000).zoom).toBe(8);
    expect(held(moved(near, 5000, -5000), photo, frame)).toMatchObject({ x: 400, y: -100 });
    expect(held(moved(FIT, 30, 30), photo, frame)).toMatchObject({ x: 0, y: 0 });
  });

  it("turns by quarters and comes back", () => {
    expect([FIT, FIT, FIT, FIT].reduce((view) => turned(view), FIT)).toEqual(FIT);
  });
});

describe("the keyboard", () => {
  const press = (key: string, more = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    ...more,
  });

  it("decides with one key, but not while typing, with a modifier or switched off", () => {
    expect(commandOf(press("D"), false, true)).toBe("approve");
    expect(commandOf(press("d"), true, true)).toBeNull();
    expect(commandOf(press("d", { ctrlKey: true }), false, true)).toBeNull();
    expect(commandOf(press("d", { isComposing: true }), false, true)).toBeNull();
    expect(commandOf(press("d"), false, false)).toBeNull();
    expect(commandOf(press("Escape"), true, false)).toBe("close");
  });
});

it("counts the seconds of an undo down to nothing", () => {
  const now = Date.parse("2026-11-22T08:00:00Z");
  expect(secondsLeft("2026-11-22T08:00:30Z", now)).toBe(30);
  expect(secondsLeft("2026-11-22T07:59:00Z", now)).toBe(0);
});

describe("the place where a field was read", () => {
  const photo = { width: 1600, height: 1000 };

  it("is cut out with some of the card around it", () => {
    expect(around([300, 200, 400, 40], photo)).toEqual({ x: 280, y: 180, width: 440, height: 80 });
  });

  it.each([
    ["at the edge", [0, 0, 400, 40]],
    ["reaching out", [1500, 980, 400, 40]],
    ["outside", [5000, 5000, 10, 10]],
  ] as const)("shows nothing outside the photo: %s", (_where, box) => {
    const { x, y, width, height } = around(box, photo);
    expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(photo.width);
    expect(y + height).toBeLessThanOrEqual(photo.height);
    expect(Math.min(width, height)).toBeGreaterThan(0);
  });

  it("comes to the middle of the frame, larger and not too large", () => {
    const frame = { width: 800, height: 600 };
    const view = onto([300, 400, 200, 20], photo, frame);
    expect(view.zoom).toBeGreaterThan(1);
    expect(view.zoom).toBeLessThanOrEqual(4);
    const scale = (frame.width / photo.width) * view.zoom;
    expect((400 - photo.width / 2) * scale + view.x).toBeCloseTo(0);
    expect(onto([0, 0, 1600, 1000], photo, frame)).toEqual(FIT);
  });
});

it("keeps what a row says of its place, and a row without a reading has none", () => {
  const crop = { photo: "1", box: [1, 2, 3, 4] } as const;
  const row = { field: "full_name", typed: "A", qr: null, print: "B", registry: null };
  const comparison = [{ ...row, result: "differs", crop } as const];
  const rows = rowsOf({ answers: base.answers, comparison });
  expect(rows.map((each) => [each.field, each.crop])).toContainEqual(["full_name", crop]);
  expect(rows.map((each) => [each.field, each.crop])).toContainEqual(["phone", null]);
});
