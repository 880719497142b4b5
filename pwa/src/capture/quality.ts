import type { Area } from "./jpeg.ts";
import thresholds from "./thresholds.json";

/** What a picture looks like to the checks; luma is 0–255. */
export interface Quality {
  /** Variance of the Laplacian of luma: the higher, the sharper. */
  readonly sharpness: number;
  /** Share 0–1 of pixels that are blown out together with their neighbours. */
  readonly glare: number;
  readonly brightness: number;
}

export type Hint = "dark" | "bright" | "glare" | "blurred" | "moving" | "cut" | "good";

/** Luma (ITU-R BT.601) of an area of a picture's RGBA pixels, one byte a pixel. */
export function luma({ data, width }: Pick<ImageData, "data" | "width">, area: Area): Uint8Array {
  const grey = new Uint8Array(area.width * area.height);
  let p = 0;
  for (let y = area.y; y < area.y + area.height; y++) {
    let i = (y * width + area.x) * 4;
    for (const end = i + area.width * 4; i < end; i += 4)
      grey[p++] = ((data[i] ?? 0) * 77 + (data[i + 1] ?? 0) * 150 + (data[i + 2] ?? 0) * 29) >> 8;
  }
  return grey;
}

/** One pass over the inner pixels. `grey` holds width × height bytes. */
export function measure(grey: Uint8Array, width: number, height: number): Quality {
  let sum = 0;
  let squares = 0;
  let light = 0;
  let blown = 0;
  const count = (width - 2) * (height - 2);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const p = y * width + x;
      const here = grey[p] ?? 0;
      const left = grey[p - 1] ?? 0;
      const right = grey[p + 1] ?? 0;
      const above = grey[p - width] ?? 0;
      const below = grey[p + width] ?? 0;
      const edge = left + right + above + below - 4 * here;
      sum += edge;
      squares += edge * edge;
      light += here;
      if (Math.min(here, left, right, above, below) >= thresholds.glare_luma) blown++;
    }
  }
  const mean = sum / count;
  return {
    sharpness: squares / count - mean * mean,
    glare: blown / count,
    brightness: light / count,
  };
}

/** Mean absolute difference of luma between two looks of the same size. */
export function movement(before: Uint8Array, now: Uint8Array): number {
  let total = 0;
  for (let p = 0; p < now.length; p += 7) total += Math.abs((now[p] ?? 0) - (before[p] ?? 0));
  return total / (now.length / 7);
}

/**
 * The first thing to put right. A paper's white ground is no glare, so only cards ask for it; `whole`:
 * all four edges of the card are seen, as far as that is asked for.
 */
export function judge(quality: Quality, moved: number, glareMatters: boolean, whole = true): Hint {
  if (quality.brightness < thresholds.brightness_min) return "dark";
  if (glareMatters && quality.glare > thresholds.glare_share_max) return "glare";
  if (glareMatters && quality.brightness > thresholds.brightness_max) return "bright";
  if (moved > thresholds.steady_max) return "moving";
  if (!whole) return "cut";
  if (quality.sharpness < thresholds.sharpness_min) return "blurred";
  return "good";
}
