import { describe, expect, it } from "vitest";
import { frameIn, RATIO, widen } from "./frame.ts";
import { fitWithin } from "./jpeg.ts";

describe("the guide frame", () => {
  it.each(["card", "portrait", "paper", "qr"] as const)("keeps the shape of a %s", (shape) => {
    const frame = frameIn({ width: 1280, height: 720 }, shape);
    expect(frame.width / frame.height).toBeCloseTo(RATIO[shape], 6);
    expect(frame.x * 2 + frame.width).toBeCloseTo(1280);
    expect(frame.height).toBeLessThanOrEqual(720);
  });

  it("is widened no further than the picture", () => {
    const size = { width: 100, height: 80 };
    expect(widen({ x: 2, y: 10, width: 90, height: 60 }, 0.1, size)).toEqual({
      x: 0,
      y: 4,
      width: 100,
      height: 72,
    });
  });
});

it("shrinks to the long side and never enlarges", () => {
  expect(fitWithin({ width: 4000, height: 3000 }, 1600)).toEqual({ width: 1600, height: 1200 });
  expect(fitWithin({ width: 300, height: 500 }, 1600)).toEqual({ width: 300, height: 500 });
});
