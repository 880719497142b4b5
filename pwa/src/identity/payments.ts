/** Paying a dossier's fee. Only the server knows how a payment stands; it shows it in the status. */
import type { Fee } from "../drafts/types.ts";
import { read } from "../store/db.ts";
import { api } from "./api.ts";

/** An attempt that can be paid now. `transfer`: the text of a VietQR code. */
export interface Attempt {
  readonly reference: string;
  readonly amount: number;
  readonly pay_url: string;
  readonly transfer: string | null;
  readonly expires_at: string;
}

export interface Receipt {
  readonly amount: number;
  /** The gateway's number. */
  readonly number: string | null;
  readonly reference: string;
  readonly paid_at: string | null;
}

export interface Payments {
  readonly fee: Fee | null;
  /** Whether this office takes fees online. */
  readonly online: boolean;
  readonly transfer: string | null;
  readonly receipt: Receipt | null;
}

/** owner: whose database holds the dossier, where this device has it; else the session counts. */
export async function proof(owner: string | null): Promise<Record<string, string>> {
  const grant = owner && (await read(["grants"], (tx) => tx.get("grants", owner)));
  return grant ? { authorization: `Bearer ${grant.secret}` } : {};
}

/** @throws ApiError */
export async function payments(dossier: string, owner: string | null): Promise<Payments> {
  return api(`/dossiers/${dossier}/payments`, { headers: await proof(owner) });
}

/** A second call gives the same attempt while it can still be paid. @throws ApiError */
export async function pay(
  dossier: string,
  owner: string | null,
  language: "vi" | "en",
): Promise<Attempt> {
  const headers = await proof(owner);
  return api(`/dossiers/${dossier}/payments`, { json: { language }, headers });
}
