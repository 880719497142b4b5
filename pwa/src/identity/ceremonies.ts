/** The two WebAuthn ceremonies with the server; PRF results never leave this device. */
import { type Bytes, fromBase64url, random } from "../store/bytes.ts";
import { VaultError } from "../vault/errors.ts";
import {
  ceremony,
  fromRegistration,
  type NewPasskey,
  prfResult,
  withoutPrf,
} from "../vault/passkey.ts";
import { api } from "./api.ts";
import type { Role, Session } from "./types.ts";

interface Started {
  ceremony: string;
  options: { publicKey?: unknown };
}

/** py_webauthn's JSON, with or without the `publicKey` envelope. */
const inner = <T>(options: Started["options"]): T => (options.publicKey ?? options) as T;

function withPrf<T extends { extensions?: unknown }>(options: T, salt: Bytes): T {
  const extensions = { ...(options.extensions ?? {}), prf: { eval: { first: salt } } };
  return { ...options, extensions };
}

/** Makes a passkey for the server; with its PRF result where the authenticator gives one. */
export async function registerPasskey(
  init: Record<string, unknown>,
): Promise<{ session: Session; passkey: NewPasskey | null }> {
  const started = await api<Started>("/passkeys/registration", { json: init });
  const parsed = PublicKeyCredential.parseCreationOptionsFromJSON(inner(started.options));
  const salt = random(32);
  const publicKey = withPrf(parsed, salt);
  const made = await ceremony(() => navigator.credentials.create({ publicKey }));
  const session = await api<Session>("/passkeys/registration/finish", {
    json: { ceremony: started.ceremony, credential: withoutPrf(made) },
  });
  return { session, passkey: await prfOf(made, salt) };
}

/** One more passkey for the signed-in account, on an authenticator that has none of it yet. */
export async function createAnother(role: Role): Promise<void> {
  const started = await api<Started>("/passkeys/another", { json: { role } });
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(inner(started.options));
  const made = await ceremony(() => navigator.credentials.create({ publicKey }));
  await api("/passkeys/another/finish", {
    json: { role, ceremony: started.ceremony, credential: withoutPrf(made) },
  });
}

async function prfOf(made: PublicKeyCredential, salt: Bytes): Promise<NewPasskey | null> {
  const results = made.getClientExtensionResults() as { prf?: { enabled?: boolean } };
  if (!results.prf?.enabled) return null;
  try {
    return await fromRegistration(made, salt);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

/** A passkey made offline becomes known: its creation, and an assertion over a fresh challenge. */
export async function registerOffline(
  init: Record<string, unknown>,
  credential: { id?: unknown },
): Promise<Session> {
  const started = await api<Started>("/passkeys/registration", { json: init });
  const { challenge } = inner<{ challenge: string }>(started.options);
  const asserted = await ceremony(() =>
    navigator.credentials.get({
      publicKey: {
        challenge: fromBase64url(challenge),
        rpId: location.hostname,
        allowCredentials: [{ type: "public-key", id: fromBase64url(String(credential.id)) }],
        userVerification: "required",
      },
    }),
  );
  return api<Session>("/passkeys/registration/finish", {
    json: { ceremony: started.ceremony, credential, assertion: withoutPrf(asserted) },
  });
}

export const assertPasskey = async (role: Role): Promise<Session> => (await asserted(role)).session;

/** A sign-in that also brings what may guard a vault, where the passkey gives a PRF result. */
export async function assertForGuard(
  role: Role,
): Promise<{ session: Session; passkey: NewPasskey | null }> {
  const salt = random(32);
  const { session, answer } = await asserted(role, salt);
  const secret = prfResult(answer);
  return { session, passkey: secret && { credential: answer.id, salt, secret, response: null } };
}

async function asserted(
  role: Role,
  salt?: Bytes,
): Promise<{ session: Session; answer: PublicKeyCredential }> {
  const started = await api<Started>("/passkeys/assertion", { json: { role } });
  const parsed = PublicKeyCredential.parseRequestOptionsFromJSON(inner(started.options));
  const publicKey = salt ? withPrf(parsed, salt) : parsed;
  const answer = await ceremony(() => navigator.credentials.get({ publicKey }));
  const session = await api<Session>("/passkeys/assertion/finish", {
    json: { ceremony: started.ceremony, credential: withoutPrf(answer) },
  });
  return { session, answer };
}
