import { describe, expect, it } from "vitest";
import { judge, luma, measure, movement } from "./quality.ts";

const width = 64;
const height = 40;
const picture = (at: (x: number, y: number) => number) =>
  Uint8Array.from({ length: width * height }, (_, p) => at(p % width, Math.floor(p / width)));

const stripes = picture((x) => (Math.floor(x / 4) % 2 ? 180 : 60));
const slopes = picture((x) => 100 + x);
const still = 0;

describe("quality of a picture", () => {
  it("tells sharp edges from a soft slope", () => {
    expect(judge(measure(stripes, width, height), still, true)).toBe("good");
    expect(judge(measure(slopes, width, height), still, true)).toBe("blurred");
  });

  it("sees the dark, the blown-out spot and the moving hand", () => {
    expect(
      judge(
        measure(
          picture(() => 20),
          width,
          height,
        ),
        still,
        true,
      ),
    ).toBe("dark");
    const spot = picture((x, y) => (x > 20 && x < 45 && y > 10 && y < 30 ? 255 : 100));
    expect(judge(measure(spot, width, height), still, true)).toBe("glare");
    expect(judge(measure(stripes, width, height), movement(stripes, slopes), true)).toBe("moving");
  });

  it("asks for the whole card before it asks for a clear one", () => {
    expect(judge(measure(stripes, width, height), still, true, false)).toBe("cut");
    expect(judge(measure(slopes, width, height), still, true, false)).toBe("cut");
    expect(judge(measure(stripes, width, height), movement(stripes, slopes), true, false)).toBe(
      "moving",
    );
  });

  it("takes white paper for what it is", () => {
    const paper = picture((x) => (x % 5 === 0 ? 40 : 255));
    expect(judge(measure(paper, width, height), still, false)).toBe("good");
  });

  it("weighs colours of the area into luma", () => {
    const data = Uint8ClampedArray.of(
      255,
      255,
      255,
      255,
      0,
      0,
      0,
      255,
      9,
      9,
      9,
      255,
      80,
      80,
      80,
      255,
    );
    const all = luma({ data, width: 2 }, { x: 0, y: 0, width: 2, height: 2 });
    expect([...all]).toEqual([255, 0, 9, 80]);
    expect([...luma({ data, width: 2 }, { x: 1, y: 1, width: 1, height: 1 })]).toEqual([80]);
  });
});
