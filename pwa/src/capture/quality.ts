import thresholds from "./thresholds.json";

/** What a picture looks like to the checks; luma is 0–255. */
export interface Quality {
  /** Variance of the Laplacian of luma: the higher, the sharper. */
  readonly sharpness: number;
  /** Share 0–1 of pixels that are blown out together with their neighbours. */
  readonly glare: number;
  readonly brightness: number;
}

export type Hint = "dark" | "bright" | "glare" | "blurred" | "moving" | "good";

/** Luma of RGBA pixels (ITU-R BT.601), one byte a pixel. */
export function luma(rgba: Uint8ClampedArray): Uint8Array {
  const grey = new Uint8Array(rgba.length / 4);
  for (let i = 0, p = 0; p < grey.length; i += 4, p++) {
    grey[p] = ((rgba[i] ?? 0) * 77 + (rgba[i + 1] ?? 0) * 150 + (rgba[i + 2] ?? 0) * 29) >> 8;
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

/** The first thing to put right. A paper's white ground is no glare, so only cards ask for it. */
export function judge(quality: Quality, moved: number, glareMatters: boolean): Hint {
  if (quality.brightness < thresholds.brightness_min) return "dark";
  if (glareMatters && quality.glare > thresholds.glare_share_max) return "glare";
  if (glareMatters && quality.brightness > thresholds.brightness_max) return "bright";
  if (moved > thresholds.steady_max) return "moving";
  if (quality.sharpness < thresholds.sharpness_min) return "blurred";
  return "good";
}
