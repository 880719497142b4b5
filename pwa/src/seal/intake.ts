/** The server's keys: those that dossiers are sealed to, and whose certificates are believed. */
import type { FacilityKey } from "../certificate/signed.ts";
import { type Bytes, base64url, concat, fromBase64url, utf8 } from "../store/bytes.ts";
import { meta, setMeta } from "../store/db.ts";
import { hearClock } from "../sync/state.ts";

export interface IntakeKey {
  kid: string;
  public: string;
  not_after: string;
}

export interface WrappedKey {
  kid: string;
  wrapped: string;
}

interface Cached {
  keys: IntakeKey[];
  trial?: boolean;
  facilities?: FacilityKey[];
  fetchedAt: string;
}

const DAY = 86_400_000;

/** Fetches and keeps the intake keys. @throws TypeError offline, Error on a wrong answer */
export async function fetchIntakeKeys(send: typeof fetch = fetch): Promise<void> {
  const response = await send("/api/keys", { credentials: "omit", cache: "no-store" });
  hearClock(response.headers.get("date"));
  if (!response.ok) throw new Error(`/api/keys answered ${response.status}`);
  const { keys, trial, facilities } = (await response.json()) as Omit<Cached, "fetchedAt">;
  if (!Array.isArray(keys) || keys.length === 0) throw new Error("/api/keys gave no key");
  const fetchedAt = new Date().toISOString();
  await setMeta("intake", { keys, trial, facilities, fetchedAt } satisfies Cached);
}

/** What was filled in goes to the server's sandbox: a trial, as far as this device knows. */
export const isTrial = async (): Promise<boolean> => (await meta<Cached>("intake"))?.trial === true;

/** Whose signatures on health certificates are believed, as far as this device knows. */
export const trustList = async (): Promise<readonly FacilityKey[]> =>
  (await meta<Cached>("intake"))?.facilities ?? [];

/** Once a day is enough: a key lives for quarters and is kept for longer. */
export async function refreshIntakeKeys(send?: typeof fetch): Promise<void> {
  const cached = await meta<Cached>("intake");
  if (!cached || Date.now() - Date.parse(cached.fetchedAt) > DAY) await fetchIntakeKeys(send);
}

export async function newestIntakeKey(): Promise<IntakeKey | null> {
  return (await meta<Cached>("intake"))?.keys[0] ?? null;
}

/** HPKE base mode (RFC 9180): encapsulated key ‖ ciphertext. */
export async function wrapKey(
  intake: IntakeKey,
  owner: string,
  dossier: string,
  dataKey: Bytes,
): Promise<WrappedKey> {
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  const suite = new CipherSuite({
    kem: new DhkemP256HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64url(intake.public));
  const info = utf8(`doibang/1\nkey\n${owner}\n${dossier}\n${intake.kid}`);
  const sealed = await suite.seal({ recipientPublicKey, info }, dataKey);
  const wrapped = concat(new Uint8Array(sealed.enc), new Uint8Array(sealed.ct));
  return { kid: intake.kid, wrapped: base64url(wrapped) };
}
