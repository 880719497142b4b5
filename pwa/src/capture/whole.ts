import { RATIO } from "./frame.ts";
import thresholds from "./thresholds.json";

/** RGBA pixels of the guide frame and `edge_margin` of it beyond every side. */
export interface Look {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** `at` + `slope` × place: x of an upright edge by y, y of a lying edge by x. */
interface Line {
  readonly at: number;
  readonly slope: number;
}
type Point = readonly [x: number, y: number];
type Tone = [number, number, number];

const SCANS = 16;
const POINTS = 20;
/** As many changes of colour a scan is asked for. */
const STEPS = 8;
/** Steepest edge that still counts as lying in the frame: 12°. */
const STEEP = 0.21;
/** Pixels on each side of an edge that are compared, some away from it: it may be a little soft. */
const NEAR = 2;
const FAR = 5;

/** Whether a card lies whole in the guide frame: four straight edges that close around it. */
export function wholeCard(look: Look): boolean {
  const [left, right] = [edge(look, true, false), edge(look, true, true)];
  const [top, bottom] = [edge(look, false, false), edge(look, false, true)];
  if (!left || !right || !top || !bottom) return false;
  const corners = [meet(left, top), meet(right, top), meet(right, bottom), meet(left, bottom)];
  return inFrame(look, corners) && cardLike(corners) && closed(look, corners);
}

/** The straight line of contrast along a side, found by most of the scans across it. */
function edge(look: Look, upright: boolean, far: boolean): Line | null {
  const length = upright ? look.height : look.width;
  const scans: Scan[] = [];
  for (let i = 0; i < SCANS; i++) {
    const place = Math.round(length * (0.2 + (0.6 * i) / (SCANS - 1)));
    scans.push({ place, steps: stepsAcross(look, upright, far, place) });
  }
  let best: Line | null = null;
  let most = SCANS * 0.7;
  for (const first of scans.slice(0, 4))
    for (const last of scans.slice(-4))
      for (const a of first.steps)
        for (const b of last.steps) {
          const slope = (b - a) / (last.place - first.place);
          if (Math.abs(slope) > STEEP) continue;
          const line = { at: a - slope * first.place, slope };
          const on = scansOn(scans, line);
          if (on > most) [best, most] = [line, on];
        }
  return best;
}

interface Scan {
  readonly place: number;
  readonly steps: readonly number[];
}

function scansOn(scans: readonly Scan[], { at, slope }: Line): number {
  let on = 0;
  for (const { place, steps } of scans)
    for (const step of steps)
      if (Math.abs(step - at - slope * place) < NEAR + 0.5) {
        on++;
        break;
      }
  return on;
}

/** Where the colour changes on the way from outside to `edge_depth` of the frame, outermost first. */
function stepsAcross(look: Look, upright: boolean, far: boolean, place: number): number[] {
  const size = upright ? look.width : look.height;
  const depth = Math.round(size * (thresholds.edge_margin + thresholds.edge_depth));
  const strength = strengths(look, upright, far, place, depth);
  const steps: number[] = [];
  for (let v = FAR; v < depth - FAR && steps.length < STEPS; v++)
    if ((strength[v] ?? 0) >= thresholds.edge_step && isPeak(strength, v))
      steps.push(far ? size - 1 - v : v);
  return steps;
}

function isPeak(strength: Float32Array, v: number): boolean {
  const here = strength[v] ?? 0;
  for (let k = 1; k <= FAR; k++)
    if ((strength[v - k] ?? 0) >= here || (strength[v + k] ?? 0) > here) return false;
  return true;
}

/** How much the means before and behind each pixel of a scan differ; a scan is three pixels wide. */
function strengths(
  { data, width, height }: Look,
  upright: boolean,
  far: boolean,
  place: number,
  depth: number,
): Float32Array {
  const [step, beside] = upright ? [4, width * 4] : [width * 4, 4];
  const start = place * beside + (far ? (upright ? width - 1 : height - 1) * step : 0);
  const strength = new Float32Array(depth);
  const sums = new Int32Array(depth + 1);
  for (let c = 0; c < 3; c++) {
    for (let v = 0; v < depth; v++) {
      const p = start + (far ? -v : v) * step + c;
      const here = (data[p - beside] ?? 0) + (data[p] ?? 0) + (data[p + beside] ?? 0);
      sums[v + 1] = (sums[v] ?? 0) + here;
    }
    for (let v = FAR; v < depth - FAR; v++) {
      const before = (sums[v - NEAR + 1] ?? 0) - (sums[v - FAR] ?? 0);
      const behind = (sums[v + FAR + 1] ?? 0) - (sums[v + NEAR] ?? 0);
      strength[v] = (strength[v] ?? 0) + Math.abs(before - behind) / ((FAR - NEAR + 1) * 3);
    }
  }
  return strength;
}

/** The mean of nine pixels. */
function tone({ data, width, height }: Look, x: number, y: number): Tone {
  const sum: Tone = [0, 0, 0];
  const column = Math.max(1, Math.min(width - 2, Math.round(x)));
  const row = Math.max(1, Math.min(height - 2, Math.round(y)));
  for (let k = 0; k < 9; k++) {
    const p = ((row - 1 + Math.floor(k / 3)) * width + column - 1 + (k % 3)) * 4;
    add(sum, [data[p] ?? 0, data[p + 1] ?? 0, data[p + 2] ?? 0], 9);
  }
  return sum;
}

function add(sum: Tone, [r, g, b]: Tone, of: number): void {
  sum[0] += r / of;
  sum[1] += g / of;
  sum[2] += b / of;
}

/** How different two colours are: yellow on white differs in blue alone. */
const apart = (a: Tone, b: Tone): number =>
  Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]);

function meet(upright: Line, lying: Line): Point {
  const x = (upright.at + upright.slope * lying.at) / (1 - upright.slope * lying.slope);
  return [x, lying.at + lying.slope * x];
}

function inFrame({ width, height }: Look, corners: readonly Point[]): boolean {
  const beyond =
    (thresholds.edge_margin - thresholds.edge_slack) / (1 + 2 * thresholds.edge_margin);
  const [x, y] = [width * beyond, height * beyond];
  return corners.every(([cx, cy]) => cx >= x && cx <= width - x && cy >= y && cy <= height - y);
}

function cardLike([a, b, c, d]: readonly Point[]): boolean {
  if (!a || !b || !c || !d) return false;
  const ratio = (span(a, b) + span(d, c)) / (span(a, d) + span(b, c));
  return Math.abs(ratio / RATIO.card - 1) < thresholds.edge_ratio_slack;
}

const span = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Each edge goes from corner to corner, and what lies beyond it is not the card's own ground. */
function closed(look: Look, corners: readonly Point[]): boolean {
  const sides = corners.map((from, i) => beside(look, from, corners[(i + 1) % 4] ?? from));
  return sides.every(({ share, outside }) => {
    const ground: Tone = [0, 0, 0];
    for (const other of sides) if (other.outside !== outside) add(ground, other.inside, 3);
    return share >= thresholds.edge_share && apart(outside, ground) >= thresholds.edge_step;
  });
}

/** Corners go clockwise, so that the card is on the right hand. */
function beside(
  look: Look,
  [x, y]: Point,
  to: Point,
): { share: number; outside: Tone; inside: Tone } {
  const [dx, dy] = [to[0] - x, to[1] - y];
  const [nx, ny] = [(-dy * FAR) / span([x, y], to), (dx * FAR) / span([x, y], to)];
  const outside: Tone = [0, 0, 0];
  const inside: Tone = [0, 0, 0];
  let share = 0;
  for (let k = 0; k < POINTS; k++) {
    const t = 0.06 + (0.88 * k) / (POINTS - 1);
    const [px, py] = [x + dx * t, y + dy * t];
    const out = tone(look, px - nx, py - ny);
    const into = tone(look, px + nx, py + ny);
    add(outside, out, POINTS);
    add(inside, into, POINTS);
    if (apart(out, into) >= thresholds.edge_step) share += 1 / POINTS;
  }
  return { share, outside, inside };
}
