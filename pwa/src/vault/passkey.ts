/** WebAuthn with the PRF extension; works with no network by a challenge made on the device. */
import { type Bytes, base64url, fromBase64url, random } from "../store/bytes.ts";
import { VaultError } from "./errors.ts";

/** A credential just made here. `secret` is the PRF result: it never leaves the device. */
export interface NewPasskey {
  credential: string;
  salt: Bytes;
  secret: Bytes;
  /** WebAuthn registration response without PRF results, for the server. */
  response: unknown;
}

interface PrfOutput {
  prf?: { enabled?: boolean; results?: { first?: BufferSource } };
}

/** Both kinds of answer as WebAuthn JSON, without the PRF result: that is the vault's secret. */
export function withoutPrf(credential: PublicKeyCredential): Record<string, unknown> {
  const json = credential.toJSON() as unknown as Record<string, unknown>;
  const { prf: _secret, ...rest } = (json.clientExtensionResults ?? {}) as Record<string, unknown>;
  return { ...json, clientExtensionResults: rest };
}

export function prfResult(credential: PublicKeyCredential): Bytes | null {
  const first = (credential.getClientExtensionResults() as PrfOutput).prf?.results?.first;
  if (!first) return null;
  const view = ArrayBuffer.isView(first) ? first : new Uint8Array(first);
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength).slice();
}

/** Runs a WebAuthn ceremony; what the person declines becomes `cancelled`. */
export async function ceremony(
  start: () => Promise<Credential | null>,
): Promise<PublicKeyCredential> {
  let answer: Credential | null;
  try {
    answer = await start();
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotSupportedError")
      throw new VaultError("no_prf");
    if (error instanceof DOMException) throw new VaultError("cancelled");
    throw error;
  }
  if (!(answer instanceof PublicKeyCredential)) throw new VaultError("cancelled");
  return answer;
}

const prf = (salt: Bytes): AuthenticationExtensionsClientInputs =>
  ({ prf: { eval: { first: salt } } }) as AuthenticationExtensionsClientInputs;

/** Makes a discoverable passkey on this device. @throws VaultError no_prf, cancelled */
export async function createPasskey(name: string, salt: Bytes): Promise<NewPasskey> {
  if (typeof PublicKeyCredential === "undefined") throw new VaultError("no_prf");
  const made = await ceremony(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: location.hostname, name: "Đổi Bằng" },
        user: { id: random(32), name, displayName: name },
        challenge: random(32),
        pubKeyCredParams: [
          { type: "public-key", alg: -7 },
          { type: "public-key", alg: -257 },
        ],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        extensions: { ...prf(salt), credProps: true },
      },
    }),
  );
  return fromRegistration(made, salt);
}

/** The passkey of any registration, with its PRF result asked for once more if it came without. */
export async function fromRegistration(
  made: PublicKeyCredential,
  salt: Bytes,
): Promise<NewPasskey> {
  const enabled = (made.getClientExtensionResults() as PrfOutput).prf?.enabled;
  if (!enabled) {
    await forget(made.id);
    throw new VaultError("no_prf");
  }
  const secret = prfResult(made) ?? (await evaluatePrf(made.id, salt));
  return { credential: made.id, salt, secret, response: withoutPrf(made) };
}

/** Tells the authenticator that a passkey is of no use, where the browser can. */
async function forget(credentialId: string): Promise<void> {
  const signal = (
    PublicKeyCredential as unknown as {
      signalUnknownCredential?: (about: { rpId: string; credentialId: string }) => Promise<void>;
    }
  ).signalUnknownCredential;
  await signal?.call(PublicKeyCredential, { rpId: location.hostname, credentialId });
}

/** The PRF result of a known passkey, offline too. @throws VaultError no_prf, cancelled */
export async function evaluatePrf(credential: string, salt: Bytes): Promise<Bytes> {
  const answer = await ceremony(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        rpId: location.hostname,
        allowCredentials: [{ type: "public-key", id: fromBase64url(credential) }],
        userVerification: "required",
        extensions: prf(salt),
      },
    }),
  );
  const secret = prfResult(answer);
  if (!secret) throw new VaultError("no_prf");
  return secret;
}

export const credentialId = (raw: ArrayBuffer): string => base64url(new Uint8Array(raw));
