/** What a person asks of the server about a dossier, sealed like everything they send. */
import { sealJson } from "../seal/index.ts";
import { newestIntakeKey, wrapKey } from "../seal/intake.ts";
import { type Bytes, randomId } from "../store/bytes.ts";
import { freshCode, requestOf } from "./codes.ts";
import { type ClaimCode, DraftError, type HandOverKind } from "./types.ts";
import { type Sealed, saveRequest } from "./write.ts";

export async function sealRequest(
  key: CryptoKey,
  dossier: string,
  plain: Record<string, unknown>,
): Promise<Sealed> {
  const id = `request:${dossier}:${randomId()}`;
  return { id, sealed: await sealJson(key, id, "request/1", plain) };
}

/** `birth`: with it the code may be typed. */
export async function sealCode(
  key: CryptoKey,
  dossier: string,
  kind: HandOverKind,
  birth: string | null,
): Promise<{ code: ClaimCode; request: Sealed }> {
  const { claim, ...texts } = await freshCode();
  const plain = requestOf({ kind, dossier, claim, typed: texts.typed, birth });
  const request = await sealRequest(key, dossier, plain);
  return { code: { kind, ...texts, request: request.id, expiresAt: null }, request };
}

/** Commits it, to be sent. @throws DraftError("no_intake_key") */
export async function commitRequest(
  owner: string,
  dossier: string,
  raw: Bytes,
  request: Sealed,
  topic?: string,
): Promise<void> {
  const intake = await newestIntakeKey();
  if (!intake) throw new DraftError("no_intake_key");
  await saveRequest(dossier, request, await wrapKey(intake, owner, dossier, raw), topic);
}
