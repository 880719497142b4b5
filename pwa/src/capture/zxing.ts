import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";
import { pixels, type QrReader } from "./qr.ts";

/** The decoder comes from this site, never from a CDN. */
export async function zxingReader(): Promise<QrReader> {
  await prepareZXingModule({
    overrides: {
      locateFile: (path: string, prefix: string) => (path.endsWith(".wasm") ? wasm : prefix + path),
    },
    fireImmediately: true,
  });
  return async (picture) => {
    const image = picture instanceof ImageData ? picture : pixels(picture);
    const found = await readBarcodes(image, {
      formats: ["QRCode"],
      tryHarder: true,
      maxNumberOfSymbols: 1,
    });
    return found.find((code) => code.isValid)?.text ?? null;
  };
}
