/** One run at a time on this device, over all tabs and the service worker. */
export function alone<T>(work: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || !navigator.locks) return work();
  return navigator.locks.request("doibang-sync", work) as Promise<T>;
}
