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

export function setNetwork(next: Network): void {
  if (next === state) return;
  state = next;
  for (const listener of [...listeners]) listener(next);
}
