/**
 * Replication between this device and the server. One Peer runs at a time (Web Locks), in a page
 * or in the service worker; it needs no open vault.
 */

export type Network = "online" | "offline";

export interface SyncReport {
  readonly state: "idle" | "running" | "offline" | "sign_in" | "waiting";
  /** When the next try starts by itself (ISO), or null. */
  readonly nextAt: string | null;
  /** Documents not yet acknowledged, over all owners. */
  readonly pending: number;
}

/** Starts the triggers of this page: open, `online`, timer. Call once. */
export declare function startSync(): void;
/** Runs now, and resolves when the run ended (it never rejects: see the report). */
export declare function syncNow(): Promise<SyncReport>;
export declare function onSync(listener: (report: SyncReport) => void): () => void;
/** `online` only after the server was reached last time: `navigator.onLine` alone lies. */
export declare function network(): Network;
export declare function onNetwork(listener: (network: Network) => void): () => void;
