/** One run at a time under this name on this device, over all tabs and the service worker. */
export function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (typeof navigator === "undefined" || !navigator.locks) return work();
  return navigator.locks.request(`doibang-${name}`, work) as Promise<T>;
}
