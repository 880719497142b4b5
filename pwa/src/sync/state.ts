/** What this context knows of the network. `navigator.onLine` alone lies. */
export type Network = "online" | "offline";

const listeners = new Set<(network: Network) => void>();
let state: Network =
  typeof navigator !== "undefined" && navigator.onLine === false ? "offline" : "online";

/** `online` only as long as the server was reached the last time. */
export const network = (): Network => state;

export function onNetwork(listener: (network: Network) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let offset = 0;

/** How far the server's clock is ahead of this device's, in milliseconds; 0 until it was heard. */
export const clockOffset = (): number => offset;

/** `date`: the Date header of an answer just received. */
export function hearClock(date: string | null): void {
  const there = Date.parse(date ?? "");
  if (!Number.isFinite(there)) return;
  const before = offset;
  offset = there - Date.now();
  if (Math.abs(offset - before) > 60_000) for (const listener of [...listeners]) listener(state);
}

export function setNetwork(next: Network): void {
  if (next === state) return;
  state = next;
  for (const listener of [...listeners]) listener(next);
}
