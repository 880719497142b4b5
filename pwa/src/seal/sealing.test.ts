import { describe, expect, it } from "vitest";
import vectors from "../../../tests/vectors/sealing.json" with { type: "json" };
import { type Bytes, fromBase64url, random, sha256 } from "../store/bytes.ts";
import { importKey, openChunk, openJson, SealError, sealChunk, sealJson } from "./index.ts";
import { wrapKey } from "./intake.ts";

const { json, chunk } = vectors;
const key = await importKey(fromBase64url(vectors.data_key));

describe("sealed JSON", () => {
  it("opens what the server sealed", async () => {
    expect(await openJson(key, json.id, json.schema, json.sealed)).toEqual(json.value);
    expect(await sha256(fromBase64url(json.sealed))).toBe(json.digest);
  });

  it("survives its own round trip", async () => {
    const sealed = await sealJson(key, json.id, json.schema, json.value);
    expect(await openJson(key, json.id, json.schema, sealed)).toEqual(json.value);
  });

  it("is bound to id, schema and key", async () => {
    const other = await importKey(random(32));
    await expect(openJson(key, `${json.id}x`, json.schema, json.sealed)).rejects.toThrow(SealError);
    await expect(openJson(key, json.id, "draft/2", json.sealed)).rejects.toThrow(SealError);
    await expect(openJson(other, json.id, json.schema, json.sealed)).rejects.toThrow(SealError);
  });

  it("refuses to inflate a bomb", async () => {
    const sealed = await sealJson(key, json.id, json.schema, "0".repeat(300_000));
    await expect(openJson(key, json.id, json.schema, sealed)).rejects.toThrow(SealError);
  });
});

describe("a sealed chunk", () => {
  const attachment = fromBase64url(chunk.attachment);
  it("opens what the server sealed", async () => {
    const plain = await openChunk(key, chunk.id, chunk.count, attachment);
    expect(plain).toEqual(fromBase64url(chunk.plain));
    expect(await sha256(attachment)).toBe(chunk.digest);
  });

  it("is bound to the number of parts", async () => {
    await expect(openChunk(key, chunk.id, chunk.count + 1, attachment)).rejects.toThrow(SealError);
  });

  it("is 28 bytes longer than its part", async () => {
    expect((await sealChunk(key, chunk.id, 1, random(32_740))).length).toBe(32_768);
  });
});

describe("the wrapped data key", () => {
  const { intake, owner, dossier } = vectors;
  async function unwrap(wrapped: Bytes, forOwner: string): Promise<Bytes> {
    const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
    const suite = new CipherSuite({
      kem: new DhkemP256HkdfSha256(),
      kdf: new HkdfSha256(),
      aead: new Aes256Gcm(),
    });
    const recipientKey = await suite.kem.importKey("jwk", intake.jwk, false);
    const info = new TextEncoder().encode(`doibang/1\nkey\n${forOwner}\n${dossier}\n${intake.kid}`);
    const enc = wrapped.slice(0, 65);
    return new Uint8Array(await suite.open({ recipientKey, info, enc }, wrapped.slice(65)));
  }

  it("matches the server's", async () => {
    const theirs = fromBase64url(vectors.wrapped_key.key.wrapped);
    expect(await unwrap(theirs, owner)).toEqual(fromBase64url(vectors.data_key));
  });

  it("opens for this owner only", async () => {
    const dataKey = random(32);
    const mine = await wrapKey({ ...intake, not_after: "" }, owner, dossier, dataKey);
    const bytes = fromBase64url(mine.wrapped);
    expect(bytes.length).toBe(113);
    expect(await unwrap(bytes, owner)).toEqual(dataKey);
    await expect(unwrap(bytes, dossier)).rejects.toThrow();
  });
});
