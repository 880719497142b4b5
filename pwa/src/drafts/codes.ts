/** Hand-over codes: whoever has one may take the dossier, so they are in this page's memory only. */
import { type Bytes, base64url, random, sha256 } from "../store/bytes.ts";
import { onVaultChange } from "../vault/index.ts";
import { newSlip } from "./submission.ts";
import type { ClaimCode, Filed, HandOverKind } from "./types.ts";

/** At least 80 bits are asked for. */
const SECRET_BYTES = 16;

/** A code, and what the slip beside it says, where the page that made it knew. */
interface Kept {
  readonly code: ClaimCode;
  readonly filed: Filed | null;
}

const kept = new Map<string, Kept>();
onVaultChange(() => kept.clear());

export const codeOf = (dossier: string): Kept | null => kept.get(dossier) ?? null;

export function keepCode(dossier: string, code: ClaimCode, filed: Filed | null = null): void {
  kept.set(dossier, { code, filed: filed ?? codeOf(dossier)?.filed ?? null });
}

export const forgetCode = (dossier: string): void => void kept.delete(dossier);

/** `claim`: what the server is told of the secret, hex SHA-256. */
export async function freshCode(): Promise<{ secret: string; typed: string; claim: string }> {
  const secret: Bytes = random(SECRET_BYTES);
  return { secret: base64url(secret), typed: newSlip(), claim: await sha256(secret) };
}

/** The sealed part of a `request:` document that says what is to be done with the dossier. */
export const wishOf = (
  dossier: string,
  kind: string,
  said: Record<string, unknown> = {},
): Record<string, unknown> => ({
  ...said,
  schema: "request/1",
  kind,
  dossier,
  device_time: new Date().toISOString(),
});

/** The sealed part of a `request:` document that asks for a code. */
export const requestOf = (init: {
  kind: HandOverKind;
  dossier: string;
  claim: string;
  typed: string;
  birth: string | null;
}): Record<string, unknown> => ({
  schema: "request/1",
  kind: init.kind,
  dossier: init.dossier,
  claim: init.claim,
  typed: init.typed,
  date_of_birth: init.birth,
  device_time: new Date().toISOString(),
});
