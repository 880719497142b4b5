/** Reads QR codes: the browser's own BarcodeDetector where it has one, else zxing compiled to wasm. */

export type QrReader = (
  picture: ImageBitmap | HTMLVideoElement | ImageData,
) => Promise<string | null>;

interface Detector {
  detect(source: CanvasImageSource | ImageData): Promise<{ rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats(): Promise<string[]>;
}

let reader: Promise<QrReader> | null = null;

/** Loads the reader on first use. @throws when the decoder is not on this device and offline */
export function qrReader(): Promise<QrReader> {
  reader ??= make().catch((cause: unknown) => {
    reader = null;
    throw cause;
  });
  return reader;
}

async function make(): Promise<QrReader> {
  return (await ownDetector()) ?? (await import("./zxing.ts")).zxingReader();
}

async function ownDetector(): Promise<QrReader | null> {
  const own = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!own || !(await own.getSupportedFormats()).includes("qr_code")) return null;
  const detector = new own({ formats: ["qr_code"] });
  return async (picture) => (await detector.detect(picture))[0]?.rawValue ?? null;
}

/** The pixels of a still or of a video's present frame, its long side at most `long`. */
export function pixels(source: ImageBitmap | HTMLVideoElement, long = 1600): ImageData {
  const width = source instanceof HTMLVideoElement ? source.videoWidth : source.width;
  const height = source instanceof HTMLVideoElement ? source.videoHeight : source.height;
  const scale = Math.min(1, long / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
