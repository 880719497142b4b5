/** What the page "Tôi đã có tài khoản" does with the server; it is loaded when it is asked for. */
import { bring } from "../../drafts/elsewhere.ts";
import { recover } from "../../drafts/recover.ts";
import { join, joinAs, type Session, signIn } from "../../identity/index.ts";
import { createVault, current, type Guard, type VaultInfo } from "../../vault/index.ts";

export interface Entered {
  /** Dossiers that came to this device. */
  readonly brought: number;
  /** Dossiers that stayed under the forgotten guard; null where none was forgotten. */
  readonly left: number | null;
}

/** A vault of this device's own for an account that exists. */
export async function enter(session: Session, guard: Guard): Promise<Entered> {
  await createVault({ mode: "own", guard });
  await joinAs(session);
  return { brought: await bring(), left: null };
}

/** After a cut: the vault is made, and the passkey is asked for once more. */
export async function goOn(): Promise<Entered> {
  if (current()?.account) await signIn("applicant");
  else await join();
  return { brought: await bring(), left: null };
}

export const openAgain = async (vault: VaultInfo, guard: Guard): Promise<Entered> => ({
  brought: 0,
  left: await recover(vault, guard),
});
