/** Sealing as the server does it: tests/vectors/sealing.json binds both sides. */
import { type Bytes, base64url, concat, fromBase64url, random, utf8 } from "../store/bytes.ts";

const NONCE = 12;
const INFLATED_LIMIT = 256 * 1024;
/** Nonce and tag take 28 bytes of the 32,768 an attachment may have. */
export const PART_SIZE = 32_740;

/** The sealed bytes do not belong to this id and key, or were changed. */
export class SealError extends Error {}

export const newDataKey = (): Bytes => random(32);

export const importKey = (raw: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

/** Additional data: the bytes a sealed part is bound to. count: parts of the photo, else 0. */
export const aad = (id: string, schema: string, count = 0): Bytes =>
  utf8(`doibang/1\n${id}\n${schema}\n${count}`);

/** nonce ‖ AES-256-GCM(plain). */
export async function encrypt(key: CryptoKey, plain: Bytes, additionalData: Bytes): Promise<Bytes> {
  const iv = random(NONCE);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain);
  return concat(iv, new Uint8Array(sealed));
}

/** @throws SealError */
export async function decrypt(
  key: CryptoKey,
  sealed: Bytes,
  additionalData: Bytes,
): Promise<Bytes> {
  const iv = sealed.slice(0, NONCE);
  try {
    const algorithm = { name: "AES-GCM", iv, additionalData };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.slice(NONCE)));
  } catch (cause) {
    throw new SealError("sealed for another id or key, or altered", { cause });
  }
}

async function deflate(plain: Bytes): Promise<Bytes> {
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function inflate(packed: Bytes): Promise<Bytes> {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concat(...parts);
    size += value.length;
    if (size > INFLATED_LIMIT) {
      await reader.cancel();
      throw new SealError("inflates beyond the limit");
    }
    parts.push(value);
  }
}

/** base64url of a sealed JSON part. */
export async function sealJson(
  key: CryptoKey,
  id: string,
  schema: string,
  value: unknown,
): Promise<string> {
  const packed = await deflate(utf8(JSON.stringify(value)));
  return base64url(await encrypt(key, packed, aad(id, schema)));
}

/** @throws SealError, SyntaxError */
export async function openJson(
  key: CryptoKey,
  id: string,
  schema: string,
  sealed: string,
): Promise<unknown> {
  const packed = await decrypt(key, fromBase64url(sealed), aad(id, schema));
  const text = new TextDecoder("utf-8", { fatal: true }).decode(await inflate(packed));
  return JSON.parse(text) as unknown;
}

export const sealChunk = (key: CryptoKey, id: string, count: number, part: Bytes): Promise<Bytes> =>
  encrypt(key, part, aad(id, "chunk/1", count));

export const openChunk = (
  key: CryptoKey,
  id: string,
  count: number,
  attachment: Bytes,
): Promise<Bytes> => decrypt(key, attachment, aad(id, "chunk/1", count));
