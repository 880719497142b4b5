/**
 * Replication between this device and the server. One Peer runs at a time (Web Locks), in a page
 * or in the service worker; it needs no open vault.
 */
import { alone } from "../store/alone.ts";
import { onSignal } from "../store/signals.ts";
import { lastOpenOwner } from "./open.ts";
import { Peer } from "./peer.ts";
import { setNetwork } from "./state.ts";

export { type Network, network, onNetwork } from "./state.ts";

export interface SyncReport {
  readonly state: "idle" | "running" | "offline" | "sign_in" | "waiting";
  /** When the next try starts by itself (ISO), or null. */
  readonly nextAt: string | null;
  /** Documents not yet acknowledged, over all owners. */
  readonly pending: number;
}

const FIRST_BACKOFF = 2_000;
const LONGEST_BACKOFF = 300_000;
/** While somebody looks at the page: a server that is back is found before they wonder. */
const LONGEST_WATCHED = 8_000;
/** Several answers given in a row travel as one edit. */
const SETTLE = 1_500;
const TICK = 60_000;
const LONGPOLL_SECONDS = 50;

const peer = new Peer();
const listeners = new Set<(report: SyncReport) => void>();
let report: SyncReport = { state: "idle", nextAt: null, pending: 0 };
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let settling: ReturnType<typeof setTimeout> | undefined;
let running: Promise<SyncReport> | null = null;
/** A change came while a run was under way. */
let wanted: { pull: boolean } | null = null;
/** The network came back while a run that had lost it was still ending: it runs once more. */
let cameBack = false;

function say(next: SyncReport): SyncReport {
  report = next;
  for (const listener of [...listeners]) listener(next);
  return next;
}

/** Full jitter (AWS Architecture Blog 2015), so that a district coming online does not come at once. */
function backoff(): number {
  const longest = document.visibilityState === "visible" ? LONGEST_WATCHED : LONGEST_BACKOFF;
  return Math.random() * Math.min(FIRST_BACKOFF * 2 ** failures, longest);
}

async function attempt(pull: boolean): Promise<SyncReport> {
  clearTimeout(timer);
  say({ ...report, state: "running", nextAt: null });
  const { outcome, after, pending } = await alone("sync", () => peer.run({ pull }));
  setNetwork(outcome === "unreachable" ? "offline" : "online");
  failures = outcome === "unreachable" || outcome === "busy" ? failures + 1 : 0;
  let wait = outcome === "busy" ? after * 1000 + Math.random() * 1000 : TICK;
  if (outcome === "unreachable") wait = 1000 + backoff();
  timer = setTimeout(() => void request(true), wait);
  const nextAt = new Date(Date.now() + wait).toISOString();
  const states = {
    done: "idle",
    unreachable: "offline",
    busy: "waiting",
    sign_in: "sign_in",
  } as const;
  if (pending > 0 && outcome !== "sign_in") void registerBackgroundSync();
  return say({ state: states[outcome], nextAt, pending });
}

async function request(pull: boolean): Promise<SyncReport> {
  if (running) {
    wanted = { pull: pull || (wanted?.pull ?? false) };
    return running;
  }
  running = (async () => {
    let done = await attempt(pull);
    while (wanted && (done.state === "idle" || cameBack)) {
      cameBack = false;
      const again = wanted;
      wanted = null;
      done = await attempt(again.pull);
    }
    wanted = null;
    cameBack = false;
    return done;
  })();
  try {
    return await running;
  } finally {
    running = null;
    void watch();
  }
}

/** Runs now, and resolves when the run ended. */
export const syncNow = (): Promise<SyncReport> => request(true);

export function onSync(listener: (report: SyncReport) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Asks the browser to wake the service worker when there is a network, page or no page. */
async function registerBackgroundSync(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const sync = (registration as { sync?: { register(tag: string): Promise<void> } } | undefined)
    ?.sync;
  await sync?.register("doibang").catch(() => undefined); // declined by the person: the page's own triggers remain
}

let watching = false;
/** While a page is visible and a sent dossier is not closed, news arrive by one waiting request. */
async function watch(): Promise<void> {
  if (watching || document.visibilityState !== "visible" || report.state !== "idle") return;
  const owner = await lastOpenOwner();
  if (!owner) return;
  watching = true;
  try {
    if (await peer.waitForNews(owner, LONGPOLL_SECONDS)) void request(true);
    else setTimeout(() => void watch(), 1000);
  } catch {
    void request(true); // the run finds out what is wrong, and backs off
  } finally {
    watching = false;
  }
}

function onDue(urgent: boolean): void {
  clearTimeout(settling);
  if (urgent) {
    void registerBackgroundSync();
    void request(true);
  } else if (failures === 0) settling = setTimeout(() => void request(false), SETTLE);
}

/** Starts the triggers of this page: open, `online`, visibility, timer, changes. Call once. */
export function startSync(): void {
  addEventListener("online", () => {
    failures = 0;
    cameBack = running !== null;
    void request(true);
  });
  addEventListener("offline", () => setNetwork("offline"));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void request(true);
  });
  onSignal((signal) => {
    if (signal.type === "due") onDue(signal.urgent);
  });
  void request(true);
}
