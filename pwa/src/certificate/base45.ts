/** Base45 (RFC 9285), the alphabet of a QR code's alphanumeric mode. */
import type { Bytes } from "../store/bytes.ts";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** @throws SyntaxError where no bytes give this text */
export function fromBase45(text: string): Bytes {
  const digits = Array.from(text, (letter) => ALPHABET.indexOf(letter));
  if (text.length % 3 === 1 || digits.includes(-1)) throw new SyntaxError("not Base45");
  const bytes: number[] = [];
  for (let at = 0; at < digits.length; at += 3) {
    const [low = 0, middle = 0, high] = digits.slice(at, at + 3);
    const number = low + 45 * middle + 2025 * (high ?? 0);
    if (number > (high === undefined ? 0xff : 0xffff)) throw new SyntaxError("not Base45");
    if (high !== undefined) bytes.push(number >> 8);
    bytes.push(number & 0xff);
  }
  return Uint8Array.from(bytes) as Bytes;
}
