/** A new version of the app that is installed and waits until the person takes it. */

const listeners = new Set<() => void>();
let waiting: ServiceWorker | null = null;

export const updateWaiting = (): boolean => waiting !== null;

export function onUpdate(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Takes the new version and reloads once it is in charge. */
export function useUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), {
    once: true,
  });
  waiting?.postMessage({ type: "skip-waiting" });
}

/** Watches a registration for a version that waits behind the one in charge. */
export function watchUpdates(registration: ServiceWorkerRegistration): void {
  const look = (): void => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return;
    waiting = registration.waiting;
    for (const listener of listeners) listener();
  };
  look();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", look);
  });
}
