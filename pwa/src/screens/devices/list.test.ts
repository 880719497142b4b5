import { describe, expect, it } from "vitest";
import { devicesOf, type GrantLine } from "./list.ts";

const NOW = "2026-11-23T08:00:00Z";
const grant = (id: string, device: string, change: Partial<GrantLine> = {}): GrantLine => ({
  id,
  owner: `owner-${device}`,
  device,
  kind: "chrome-android",
  created_at: "2026-11-02T08:00:00Z",
  seen_at: "2026-11-22T08:00:00Z",
  expires_at: "2027-05-22T08:00:00Z",
  revoked_at: null,
  lost_at: null,
  ...change,
});
const list = (...grants: GrantLine[]) => devicesOf(grants, new Set(["here"]), NOW);

describe("my devices", () => {
  it("come with this one first, then the latest seen", () => {
    const found = list(
      grant("1", "old", { seen_at: "2026-11-01T08:00:00Z" }),
      grant("2", "new", { seen_at: "2026-11-23T07:00:00Z" }),
      grant("3", "here", { seen_at: "2026-10-01T08:00:00Z" }),
    );
    expect(found.map(({ device, here }) => [device, here])).toEqual([
      ["here", true],
      ["new", false],
      ["old", false],
    ]);
  });

  it("are one for all grants of a device, able while one of them is good", () => {
    const ended = { revoked_at: "2026-11-20T08:00:00Z", seen_at: "2026-11-20T08:00:00Z" };
    const renewed = grant("2", "a", { created_at: "2026-11-21T08:00:00Z" });
    const [only, ...rest] = list(grant("1", "a", { ...ended, kind: null }), renewed);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({
      state: "able",
      since: "2026-11-02T08:00:00Z",
      seenAt: "2026-11-22T08:00:00Z",
    });
    expect(only?.grants).toHaveLength(1);
  });

  it("name a grant for each owner, so that ending the device leaves none", () => {
    const [only] = list(grant("1", "a"), grant("2", "a", { owner: "another" }));
    expect([...(only?.grants ?? [])].sort()).toEqual(["1", "2"]);
  });

  it.each([
    [{ revoked_at: NOW }, "signIn"],
    [{ expires_at: "2026-11-23T07:59:59Z" }, "signIn"],
    [{ revoked_at: NOW, lost_at: NOW }, "lost"],
    [{}, "able"],
  ] as const)("with a grant %o are %s", (change, state) => {
    expect(list(grant("1", "a", change))[0]?.state).toBe(state);
  });

  it("stay lost whatever else they hold", () => {
    const lost = grant("1", "a", { lost_at: NOW, seen_at: "2026-11-01T08:00:00Z" });
    expect(list(grant("2", "a"), lost)[0]?.state).toBe("lost");
  });

  it("are of a kind that was noted once, else of an unknown one", () => {
    const kind = (line: GrantLine) => list(line).map(({ browser, system }) => [browser, system])[0];
    expect(kind(grant("1", "a"))).toEqual(["chrome", "android"]);
    expect(kind(grant("1", "a", { kind: null }))).toEqual(["other", "other"]);
  });
});
