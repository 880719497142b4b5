/** What stands between a person and the vault's key: a passkey's PRF, a PIN, a passphrase. */
import { decrypt, encrypt, importKey, SealError } from "../seal/index.ts";
import { type Bytes, base64url, fromBase64url, random, utf8 } from "../store/bytes.ts";
import type { WrapRecord } from "../store/records.ts";
import { VaultError } from "./errors.ts";
import { createPasskey, evaluatePrf, type NewPasskey } from "./passkey.ts";
import type { Guard } from "./types.ts";
import { isPassphrase, plainWords } from "./words.ts";

/** Argon2id (RFC 9106): 64 MiB and two passes take about a second on a cheap phone. */
const MEMORY_KIB = 65_536;
const PASSES = 2;

const bound = (id: string): Bytes => utf8(`doibang/1\nvault\n${id}`);

async function stretch(
  secret: string,
  salt: Bytes,
  memory: number,
  passes: number,
): Promise<Bytes> {
  const { argon2id } = await import("hash-wasm");
  const options = { password: secret, salt, memorySize: memory, iterations: passes };
  const hash = await argon2id({ ...options, parallelism: 1, hashLength: 32, outputType: "binary" });
  return new Uint8Array(hash);
}

async function fromPrf(secret: Bytes, id: string): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bound(id) };
  const aes = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(derivation, base, aes, false, ["encrypt", "decrypt"]);
}

/** The typed secret in its one form. @throws VaultError("weak") */
function secretOf(guard: Exclude<Guard, { kind: "passkey" }>): string {
  if (guard.kind === "pin") {
    if (!/^[0-9]{6,12}$/.test(guard.pin)) throw new VaultError("weak");
    return guard.pin;
  }
  if (!isPassphrase(guard.words)) throw new VaultError("weak");
  return plainWords(guard.words);
}

export interface Wrapped {
  record: WrapRecord;
  /** The new passkey, to be registered with the server later. */
  passkey?: NewPasskey;
}

/** Wraps a vault's key. @throws VaultError no_prf, cancelled, weak */
export async function wrapVaultKey(
  id: string,
  key: Bytes,
  guard: Guard,
  name: string,
): Promise<Wrapped> {
  const salt = random(32);
  if (guard.kind === "passkey") {
    const passkey = guard.passkey ?? (await createPasskey(name, salt));
    const wrapped = await encrypt(await fromPrf(passkey.secret, id), key, bound(id));
    const record = {
      kind: guard.kind,
      credential: passkey.credential,
      salt: base64url(passkey.salt),
      wrapped: base64url(wrapped),
    };
    return { record, passkey };
  }
  const hash = await stretch(secretOf(guard), salt, MEMORY_KIB, PASSES);
  const wrapped = await encrypt(await importKey(hash), key, bound(id));
  const cost = { memory: MEMORY_KIB, passes: PASSES };
  return {
    record: { kind: guard.kind, salt: base64url(salt), ...cost, wrapped: base64url(wrapped) },
  };
}

/** @throws VaultError wrong_secret, cancelled, no_prf */
export async function unwrapVaultKey(id: string, record: WrapRecord, guard: Guard): Promise<Bytes> {
  const salt = fromBase64url(record.salt);
  let opener: CryptoKey;
  if (record.kind === "passkey")
    opener = await fromPrf(await evaluatePrf(record.credential, salt), id);
  else {
    if (guard.kind !== record.kind) throw new VaultError("wrong_secret");
    const typed = typedSecret(guard);
    opener = await importKey(await stretch(typed, salt, record.memory, record.passes));
  }
  try {
    return await decrypt(opener, fromBase64url(record.wrapped), bound(id));
  } catch (error) {
    if (error instanceof SealError) throw new VaultError("wrong_secret");
    throw error;
  }
}

/** A malformed secret is simply wrong when opening. */
function typedSecret(guard: Exclude<Guard, { kind: "passkey" }>): string {
  const typed = guard.kind === "pin" ? guard.pin : plainWords(guard.words);
  if (typed === "") throw new VaultError("wrong_secret");
  return typed;
}
