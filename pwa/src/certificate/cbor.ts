/** As much CBOR (RFC 8949) as a signed certificate has: definite lengths, no floats. */
import type { Bytes } from "../store/bytes.ts";

export type Cbor = number | Bytes | string | Cbor[] | Map<Cbor, Cbor> | Tagged;
export interface Tagged {
  readonly tag: number;
  readonly value: Cbor;
}

const DEEPEST = 8;

/** @throws SyntaxError where it is no such CBOR, or more follows */
export function readCbor(bytes: Bytes): Cbor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function head(): [major: number, value: number] {
    const first = view.getUint8(at++);
    const size = [1, 2, 4, 8][(first & 31) - 24] ?? 0;
    if ((first & 31) > 27) throw new SyntaxError("no definite length");
    let value = size ? 0 : first & 31;
    for (let byte = 0; byte < size; byte++) value = value * 256 + view.getUint8(at++);
    if (!Number.isSafeInteger(value)) throw new SyntaxError("too large a number");
    return [first >> 5, value];
  }

  function take(length: number): Bytes {
    if (length > bytes.length - at) throw new SyntaxError("cut off");
    at += length;
    return bytes.slice(at - length, at) as Bytes;
  }

  function item(depth: number): Cbor {
    if (depth > DEEPEST) throw new SyntaxError("too deep");
    const [major, value] = head();
    switch (major) {
      case 0:
        return value;
      case 1:
        return -1 - value;
      case 2:
        return take(value);
      case 3:
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(take(value));
      case 4:
        return items(value, depth);
      case 5: {
        const all = items(2 * value, depth);
        return new Map(all.flatMap((key, n) => (n % 2 ? [] : [[key, all[n + 1] as Cbor]])));
      }
      case 6:
        return { tag: value, value: item(depth + 1) };
      default:
        throw new SyntaxError("not in a certificate");
    }
  }

  function items(count: number, depth: number): Cbor[] {
    if (count > bytes.length - at) throw new SyntaxError("cut off");
    return Array.from({ length: count }, () => item(depth + 1));
  }

  try {
    const whole = item(0);
    if (at === bytes.length) return whole;
  } catch (cause) {
    throw new SyntaxError("not CBOR", { cause });
  }
  throw new SyntaxError("more follows");
}

/** The start of an item of this major type; lengths below 2^16, as all that is signed here. */
export const cborHead = (major: number, length: number): Bytes =>
  Uint8Array.from(
    length < 24
      ? [(major << 5) | length]
      : length < 256
        ? [(major << 5) | 24, length]
        : [(major << 5) | 25, length >> 8, length & 255],
  ) as Bytes;
