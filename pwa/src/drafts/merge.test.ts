import { describe, expect, it } from "vitest";
import { Clock, compareStamps, timeOf } from "./clock.ts";
import { type Content, conflictsOf, emptyContent, merge } from "./content.ts";
import { newSlip } from "./submission.ts";

const draft = (fields: Content["fields"], rest: Partial<Content> = {}): Content => ({
  ...emptyContent(),
  ...rest,
  fields,
});

const photo = (id: string, at: string): Content["photos"][number] => ({
  id,
  at,
  kind: "portrait",
  size: 1,
  width: 1,
  height: 1,
});

describe("the hybrid logical clock", () => {
  it("rises when the wall clock stands still or goes back", () => {
    let wall = 1000;
    const clock = new Clock(() => wall);
    const first = clock.tick();
    const second = clock.tick();
    wall = 10;
    const third = clock.tick();
    expect([first, second, third].toSorted(compareStamps)).toEqual([first, second, third]);
    expect(new Set([first, second, third]).size).toBe(3);
  });

  it("goes past everything it has seen, and compares as numbers", () => {
    const clock = new Clock(() => 5);
    clock.see("zz.9");
    expect(compareStamps(clock.tick(), "zz.9")).toBeGreaterThan(0);
    expect(compareStamps("z.0", "10.0")).toBeLessThan(0);
  });

  it("survives a stamp from a clock years off", () => {
    expect(timeOf("zzzzzzzzzzzz.0")).toMatch(/^\+275760/);
  });
});

describe("drafts of two devices", () => {
  const here = draft({ phone: ["1", "a.0"], full_name: ["A", "a.1"] });
  const there = draft({ phone: ["2", "b.0"], sex: [null, "b.1"] });

  it("merge field by field, the same in any order", () => {
    const merged = merge([here, there]).fields;
    expect(merged).toEqual({ ...here.fields, ...there.fields });
    expect(merge([there, here]).fields).toEqual(merged);
  });

  it("keep the latest photo of a kind, and none that was removed", () => {
    const one = draft({}, { photos: [photo("1", "a.0")] });
    const two = draft({}, { photos: [photo("2", "b.0")], removed: { "1": "b.1" } });
    expect(merge([one, two]).photos.map(({ id }) => id)).toEqual(["2"]);
    const three = draft({}, { removed: { "2": "c.0" } });
    expect(merge([one, two, three]).photos).toEqual([]);
  });

  it("show a field that both changed without knowing, until it is settled", () => {
    const both = new Map([
      ["d1", here],
      ["d2", there],
    ]);
    expect(conflictsOf(both)).toEqual([
      {
        field: "phone",
        values: [
          { device: "d1", value: "1", at: timeOf("a.0") },
          { device: "d2", value: "2", at: timeOf("b.0") },
        ],
      },
    ]);
    both.set("d1", draft({ ...here.fields, phone: ["3", "c.0", "b.0"] }));
    expect(conflictsOf(both)).toEqual([]);
  });

  it("do not quarrel over a value that was replaced knowingly", () => {
    const later = draft({ phone: ["2", "b.0", "a.0"] });
    expect(
      conflictsOf(
        new Map([
          ["d1", here],
          ["d2", later],
        ]),
      ),
    ).toEqual([]);
  });
});

describe("a slip code", () => {
  it("has 8 characters that cannot be mistaken for others", () => {
    for (let tries = 0; tries < 200; tries++)
      expect(newSlip()).toMatch(/^[23456789ABCDEFGHJKMNPQRSTVWXYZ]{8}$/);
  });
});
