/** The page where a dossier is taken over; its links carry the code behind the "#". */
export const TAKE = "/nhan";

let held: string | null = null;

/** Out of the address bar and the history entry at once: from then on the code is only in memory. */
export function holdClaim(): void {
  const code = location.hash.slice(1);
  if (location.pathname !== TAKE || !code) return;
  held = code;
  history.replaceState(history.state, "", location.pathname + location.search);
}

/** The code that the page was opened with. */
export const heldClaim = (): string | null => held;

export function dropClaim(): void {
  held = null;
}
