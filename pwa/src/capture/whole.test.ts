import { describe, expect, it } from "vitest";
import { RATIO } from "./frame.ts";
import thresholds from "./thresholds.json";
import { type Look, wholeCard } from "./whole.ts";

type Colour = readonly [number, number, number];
const TABLES: Readonly<Record<string, Colour>> = {
  dark: [60, 48, 40],
  wood: [150, 110, 75],
  grey: [128, 128, 128],
  white: [250, 250, 250],
};
const CARDS: Readonly<Record<string, Colour>> = {
  yellow: [248, 238, 190],
  pink: [250, 214, 222],
};
const FRAME = thresholds.measure_width;
const WIDTH = Math.round(FRAME * (1 + 2 * thresholds.edge_margin));
const HEIGHT = Math.round((FRAME / RATIO.card) * (1 + 2 * thresholds.edge_margin));

interface Scene {
  table?: Colour;
  /** Amplitude of the table's grain. */
  grain?: number;
  card?: Colour | null;
  /** Width of the card in widths of the guide frame. */
  size?: number;
  /** Where its middle is, in widths of the frame from the frame's middle. */
  x?: number;
  y?: number;
  /** Degrees clockwise. */
  turn?: number;
}

/** A pseudo-random number 0–1 that is the same every time. */
function noise(p: number): number {
  const mixed = Math.imul(p ^ (p >>> 15), 0x2c1b3c6d);
  return (Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39) >>> 8) / 2 ** 24;
}

/** What is printed at a place of the card, in card widths from its upper left corner. */
function printed(u: number, v: number, ground: Colour): Colour {
  const row = Math.floor(v * 22);
  if (u > 0.04 && u < 0.27 && v > 0.11 && v < 0.43) return [70, 110, 170]; // the portrait
  if (
    u > 0.32 &&
    u < 0.88 &&
    row % 2 === 1 &&
    row < 12 &&
    noise(Math.floor(u * 90) + row * 97) > 0.5
  )
    return [40, 30, 30]; // letters
  if (Math.abs(Math.sin(u * 40) * 0.05 + 0.5 - v) < 0.004) return [225, 200, 120]; // guilloche
  return ground;
}

function drawn({ table = [60, 48, 40], grain = 0, card, size = 0.95, ...at }: Scene): Look {
  const { x = 0, y = 0, turn = 0 } = at;
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4);
  const angle = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let p = 0; p < WIDTH * HEIGHT; p++) {
    const dx = ((p % WIDTH) - WIDTH / 2) / FRAME - x;
    const dy = (Math.floor(p / WIDTH) - HEIGHT / 2) / FRAME - y;
    const u = (dx * cos + dy * sin) / size + 0.5;
    const v = (dy * cos - dx * sin) / size + 0.5 / RATIO.card;
    const onCard = card !== null && u >= 0 && u <= 1 && v >= 0 && v <= 1 / RATIO.card;
    const wave = grain * Math.sin(dx * 30 + Math.sin(dy * 7) * 3);
    const colour = onCard ? printed(u, v, card ?? [248, 238, 190]) : table;
    for (let c = 0; c < 3; c++)
      data[p * 4 + c] = (colour[c] ?? 0) + (onCard ? 0 : wave) + (noise(p * 3 + c) - 0.5) * 16;
  }
  return { data, width: WIDTH, height: HEIGHT };
}

const pairs = Object.entries(TABLES).flatMap(([table, ground]) =>
  Object.entries(CARDS).map(([card, colour]) => [card, table, colour, ground] as const),
);

describe("a card that lies whole in the frame", () => {
  it.each(pairs)("%s on a %s table", (_card, _table, card, table) => {
    expect(wholeCard(drawn({ card, table }))).toBe(true);
    expect(wholeCard(drawn({ card, table, size: 0.8, x: 0.06, y: -0.03 }))).toBe(true);
    expect(wholeCard(drawn({ card, table, size: 0.75, turn: 10 }))).toBe(true);
    expect(wholeCard(drawn({ card, table, size: 0.75, turn: -10 }))).toBe(true);
  });

  it("is seen on a grained table, and where it fills the frame", () => {
    expect(wholeCard(drawn({ table: [150, 110, 75], grain: 18 }))).toBe(true);
    expect(wholeCard(drawn({ size: 0.977 }))).toBe(true);
    expect(wholeCard(drawn({ size: 1 }))).toBe(true);
  });
});

describe("what is not", () => {
  it.each(pairs)("%s on a %s table, cut at a side", (_card, _table, card, table) => {
    for (const [x, y] of [
      [-0.12, 0],
      [0.12, 0],
      [0, -0.1],
      [0, 0.1],
    ] as const)
      expect(wholeCard(drawn({ card, table, x, y })), `${x} ${y}`).toBe(false);
  });

  it("is cut within the portrait, whose own edge is straight", () => {
    for (const x of [-0.08, -0.14, -0.18, -0.22, -0.26])
      expect(wholeCard(drawn({ x })), `${x}`).toBe(false);
  });

  it.each(Object.entries(TABLES))("an empty %s table", (_name, table) => {
    expect(wholeCard(drawn({ card: null, table }))).toBe(false);
    expect(wholeCard(drawn({ card: null, table, grain: 40 }))).toBe(false);
  });

  it("is too near, too far, or lies askew", () => {
    expect(wholeCard(drawn({ size: 1.3 }))).toBe(false);
    expect(wholeCard(drawn({ size: 0.4 }))).toBe(false);
    expect(wholeCard(drawn({ size: 0.6, turn: 30 }))).toBe(false);
  });
});
