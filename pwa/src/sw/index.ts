/**
 * The service worker: the shell from the cache only, everything else from the network, and the
 * peer when the browser says there is a connection. The vault may be locked, or no page open.
 */
import { fetchIntakeKeys } from "../seal/intake.ts";
import { alone } from "../store/alone.ts";
import { Peer } from "../sync/peer.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __VERSION__: string;
declare const __SHELL__: readonly string[];
declare const __IDLE__: readonly string[];

const CACHE = `shell-${__VERSION__}`;
const IDLE = "idle";
/** Marks the cache of a version that was in charge once. No page has this address. */
const TAKEN = "/taken";
const shell = new Set(__SHELL__);
/** Everything but these is a page, and any page is the shell. */
const NOT_PAGES = /^\/(?:api|db|sandbox|healthz|readyz|metrics)(?:\/|$)/;

/** Hashed files that an older version has are not fetched again; an install that was cut goes on. */
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    __SHELL__.map(async (url) => {
      if (await cache.match(url)) return;
      const hashed = url.startsWith("/assets/");
      const known = hashed ? await caches.match(url) : undefined;
      const response = known ?? (await fetch(url, { cache: hashed ? "default" : "reload" }));
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      await cache.put(url, response);
    }),
  );
  // Without keys the first dossier waits for one; it must not keep the app from being installed.
  await fetchIntakeKeys().catch((error: unknown) => console.warn("no intake keys yet", error));
}

/** The version in charge before stays: a tab that still shows it may load its parts. */
async function activate(): Promise<void> {
  const older: string[] = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("shell-") || name === CACHE) continue;
    // A version that was replaced before anyone took it is shown by no tab.
    if (await (await caches.open(name)).match(TAKEN)) older.push(name);
    else await caches.delete(name);
  }
  await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
  await (await caches.open(CACHE)).put(TAKEN, new Response());
  const idle = await caches.open(IDLE);
  for (const request of await idle.keys())
    if (!__IDLE__.includes(new URL(request.url).pathname)) await idle.delete(request);
  await self.clients.claim();
}

/** The QR decoder, once the phone has nothing better to do. */
async function warm(): Promise<void> {
  const idle = await caches.open(IDLE);
  for (const url of __IDLE__) if (!(await idle.match(url))) await idle.add(url);
}

async function fromShell(url: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? (await caches.match(url)) ?? fetch(request);
}

/** WICG Service Worker Static Routing; not in TypeScript's library yet. */
interface Routing {
  addRoutes?(rules: { condition: object; source: string | { cacheName: string } }[]): Promise<void>;
}

self.addEventListener("install", (event) => {
  event.waitUntil(install());
  // A browser that can read the caches by itself starts the app before it has started this worker.
  const routed = (event as Routing).addRoutes?.([
    {
      condition: { urlPattern: new URLPattern({ pathname: "/" }), requestMode: "navigate" },
      source: { cacheName: CACHE },
    },
    { condition: { urlPattern: new URLPattern({ pathname: "/assets/*" }) }, source: "cache" },
  ]);
  if (routed) event.waitUntil(routed);
});
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || NOT_PAGES.test(pathname)) return;
  if (request.mode === "navigate") event.respondWith(fromShell("/", request));
  else if (shell.has(pathname) || pathname.startsWith("/assets/"))
    event.respondWith(fromShell(pathname, request));
});

self.addEventListener("message", (event) => {
  const { type } = (event.data ?? {}) as { type?: string };
  if (type === "skip-waiting") event.waitUntil(self.skipWaiting());
  if (type === "warm") event.waitUntil(warm());
});

/**
 * A network that returns is ragged, and the browser asks three times at most, minutes apart: one
 * event tries again after these milliseconds, on average. Rejecting asks for another event.
 */
const AGAIN = [5_000, 15_000, 45_000];

async function syncInBackground(): Promise<void> {
  for (const wait of [...AGAIN, null]) {
    const { outcome, pending } = await alone("sync", () => new Peer().run({ pull: true }));
    if (pending === 0 || outcome === "sign_in") return;
    if (wait === null) throw new Error(`${pending} documents still wait`);
    await new Promise((resolve) => {
      self.addEventListener("online", resolve, { once: true });
      setTimeout(resolve, wait * (0.5 + Math.random()));
    });
  }
}

self.addEventListener("sync", (event) => {
  (event as ExtendableEvent).waitUntil(syncInBackground());
});

/** What the server tells: the dossier's code and to open the app, in the language it was asked in. */
interface News {
  title: string;
  body: string;
  dossier: string;
  lang: string;
}

async function show(event: PushEvent): Promise<void> {
  if (!event.data) return;
  const { title, body, dossier, lang } = event.data.json() as News;
  // The same tag: of one dossier only the last is shown, and a repetition makes no second sound.
  await self.registration.showNotification(title, { body, lang, tag: dossier, data: dossier });
}

/** A page that shows another dossier, or a form, is left as it is. */
async function open(event: NotificationEvent): Promise<void> {
  event.notification.close();
  const page = `/ho-so/${event.notification.data}`;
  const windows = await self.clients.matchAll({ type: "window" });
  const shown = windows.find(({ url }) => new URL(url).pathname === page);
  await (shown ? shown.focus() : self.clients.openWindow(page));
}

self.addEventListener("push", (event) => event.waitUntil(show(event)));
self.addEventListener("notificationclick", (event) => event.waitUntil(open(event)));
