import thresholds from "./thresholds.json";

export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Area extends Size {
  readonly x: number;
  readonly y: number;
}
export interface Jpeg extends Size {
  readonly blob: Blob;
}

/** The file is no picture that this device can read. */
export class NotAPicture extends Error {}

/** `size` shrunk so that its longer side is at most `long` pixels; never enlarged. */
export function fitWithin(size: Size, long: number): Size {
  const scale = Math.min(1, long / Math.max(size.width, size.height));
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

/**
 * The area of a picture as JPEG: at most 1600 px long and 200 KB (thresholds.json). Quality goes
 * down the ladder first, then size. Drawing anew drops EXIF data, the place of the photo included.
 */
export async function toJpeg(source: CanvasImageSource, area: Area): Promise<Jpeg> {
  let long = thresholds.photo_long_side;
  for (;;) {
    const size = fitWithin(area, long);
    const canvas = draw(source, area, size);
    for (const quality of thresholds.photo_qualities) {
      const blob = await encode(canvas, quality);
      if (blob.size <= thresholds.photo_max_bytes) return { blob, ...size };
    }
    long = Math.round(Math.max(size.width, size.height) * 0.8);
  }
}

/** @throws NotAPicture */
export async function fileToJpeg(file: Blob): Promise<Jpeg> {
  const picture = await decode(file);
  try {
    return await toJpeg(picture, { x: 0, y: 0, width: picture.width, height: picture.height });
  } finally {
    picture.close();
  }
}

/** @throws NotAPicture */
export async function decode(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (cause) {
    throw new NotAPicture("not a picture", { cause });
  }
}

function draw(source: CanvasImageSource, area: Area, size: Size): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(source, area.x, area.y, area.width, area.height, 0, 0, size.width, size.height);
  return canvas;
}

function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("encoding failed"))),
      "image/jpeg",
      quality,
    );
  });
}
