/**
 * Why a vault did not open or was not made.
 * wrong_secret: PIN or passphrase wrong · wait: too many wrong tries, see `retryAt` ·
 * no_prf: the authenticator gives no PRF result, offer a PIN or passphrase ·
 * cancelled: the person or the authenticator declined · sealed: no guard is left ·
 * weak: a PIN needs 6–12 digits, a passphrase five words · unknown: no such vault ·
 * locked: no vault is open, or another one
 */
export type VaultErrorCode =
  | "wrong_secret"
  | "wait"
  | "no_prf"
  | "cancelled"
  | "sealed"
  | "weak"
  | "unknown"
  | "locked";

export class VaultError extends Error {
  constructor(
    readonly code: VaultErrorCode,
    readonly retryAt: string | null = null,
  ) {
    super(`vault: ${code}`);
  }
}
