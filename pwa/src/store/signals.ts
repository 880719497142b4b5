/** Tells every page and the service worker of this device that rows changed. */

export type Signal =
  | { type: "dossier"; dossier: string; owner: string }
  /** The owner marked this device as lost: their vault was removed. */
  | { type: "gone"; owner: string }
  /** The vault has a new key: a page that holds the old one has to lock. */
  | { type: "rekeyed"; vault: string }
  /** Something waits to be sent; `urgent`: a person pressed "send". */
  | { type: "due"; urgent: boolean };

const listeners = new Set<(signal: Signal) => void>();
const channel = new BroadcastChannel("doibang");
channel.onmessage = ({ data }: MessageEvent<Signal>) => deliver(data);
// In Node a channel with a listener would keep the process alive.
(channel as { unref?: () => void }).unref?.();

function deliver(signal: Signal): void {
  for (const listener of [...listeners]) listener(signal);
}

/** To this context at once, to the others when they come to it. */
export function emit(signal: Signal): void {
  channel.postMessage(signal);
  deliver(signal);
}

export function onSignal(listener: (signal: Signal) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
