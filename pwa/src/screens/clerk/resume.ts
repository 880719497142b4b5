import { TAKE } from "../../app/claim-link.ts";
import { navigate } from "../../app/router.ts";
import { takeKey } from "../../drafts/take.ts";
import { ApiError, signIn } from "../../identity/index.ts";
import { emit } from "../../store/signals.ts";
import { current, VaultError } from "../../vault/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { adoptOnce, entered } from "./shift.ts";
import { c } from "./words/index.ts";

/**
 * Brings what was begun at this point, or sent from here and returned, to this tablet. The server
 * asks for the clerk's passkey once more where it is long ago.
 * @throws ApiError, VaultError
 */
export async function resume(dossier: string): Promise<void> {
  const vault = current();
  if (!vault) throw new VaultError("locked");
  await adoptOnce();
  const take = () => takeKey(vault.owner, `/clerk/dossiers/${dossier}/take`, {});
  try {
    await take();
  } catch (cause) {
    if (!(cause instanceof ApiError) || cause.code !== "passkey_needed") throw cause;
    entered(await signIn("clerk"));
    await take();
  }
  emit({ type: "due", urgent: true });
  navigate(`${TAKE}?ho-so=${dossier}`);
}

export function whyNotResumed(cause: unknown): string {
  return cause instanceof ApiError && cause.status === 404 ? c("resume.gone") : whyRefused(cause);
}
