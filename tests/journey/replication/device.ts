/**
 * One phone in a worker of its own: the app's store, drafts and peer, over an IndexedDB in memory.
 * Its person has unlocked; what the vault's guard does is not this test's.
 */
import "fake-indexeddb/auto";
import { parentPort, workerData } from "node:worker_threads";
import { create, open } from "../../../pwa/src/drafts/index.ts";
import { fetchIntakeKeys } from "../../../pwa/src/seal/intake.ts";
import { base64url, fromBase64url, random, sha256 } from "../../../pwa/src/store/bytes.ts";
import { close, read, write } from "../../../pwa/src/store/db.ts";
import { Peer } from "../../../pwa/src/sync/peer.ts";
import { hold, lock, unwrapLocally, wrapLocally } from "../../../pwa/src/vault/open.ts";

const { link, server } = workerData as { link: string; server: string };
const DEADLINE = 60_000;

let owner = "";
let device = "";
let key = new Uint8Array(32);
let peer: Peer;
/** Parts whose acknowledgement came, and those of them that went out once more. */
let acknowledged = new Set<string>();
let again: string[] = [];
let sent = 0;

const through =
  (origin: string): typeof fetch =>
  async (path, init) => {
    const name = `${init?.method} ${path}`;
    const part = /^PUT .*\/chunk:/.test(name);
    if (part) sent++;
    if (part && acknowledged.has(name)) again.push(name);
    const headers = new Headers(init?.headers);
    headers.set("origin", server); // as the browser does
    const response = await fetch(`${origin}${path}`, { ...init, headers });
    if (part && response.ok) acknowledged.add(name);
    return response;
  };

/** The app starts anew on what the device kept. */
async function restart(): Promise<void> {
  lock();
  peer = new Peer(through(link));
  const createdAt = new Date().toISOString();
  const mode = { mode: "own", guard: "pin", sealed: false, retryAt: null } as const;
  await hold({ id: owner, owner, owners: [owner], device, createdAt, ...mode }, key.slice());
}

const does = {
  restart,

  /** A new phone of this owner, which has been online once. */
  async begin(init: { owner: string; device: string; secret: string; state: "made" | "posted" }) {
    lock();
    await close();
    indexedDB.deleteDatabase("doibang");
    ({ owner, device } = init);
    key = random(32);
    acknowledged = new Set();
    again = [];
    sent = 0;
    await write(["grants"], (tx) => tx.put("grants", init));
    await fetchIntakeKeys(through(server));
    await restart();
  },

  async create(): Promise<{ dossier: string; secret: string }> {
    const { dossier } = await create({});
    const record = await read(["dossiers"], (tx) => tx.get("dossiers", dossier));
    const secret = base64url(await unwrapLocally(owner, dossier, record?.localKey ?? ""));
    return { dossier, secret };
  },

  /** The same dossier on another phone of its owner. */
  async join({ dossier, secret }: { dossier: string; secret: string }) {
    const localKey = await wrapLocally(owner, dossier, fromBase64url(secret));
    const now = new Date().toISOString();
    const times = { createdAt: now, updatedAt: now, submittedAt: null, closedAt: null };
    const none = { n: 0, submission: null, submissionDigest: null, status: null, slip: null };
    const photos = { parts: {}, submittedPhotos: [] };
    await write(["dossiers"], (tx) =>
      tx.put("dossiers", { dossier, owner, localKey, ...times, ...none, ...photos }),
    );
  },

  async set({ dossier, ...values }: { dossier: string; [name: string]: string }) {
    const draft = await open(dossier);
    await draft.setAll(values as Parameters<typeof draft.setAll>[0]);
  },

  async photograph({ dossier, kind, size }: { dossier: string; kind: string; size: number }) {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65_536)
      crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, size)));
    bytes.set([0xff, 0xd8]);
    const draft = await open(dossier);
    const blob = new Blob([bytes], { type: "image/jpeg" });
    const made = await draft.addPhoto(kind as Parameters<typeof draft.addPhoto>[0], blob, {
      width: 4,
      height: 3,
    });
    return { id: made.id, digest: await sha256(bytes) };
  },

  run: ({ pull }: { pull: boolean }) => peer.run({ pull }),

  /** What this phone shows and what it knows of its sending. */
  async look({ dossiers }: { dossiers: string[] }) {
    const rows = await read(["docs"], (tx) => tx.all("docs"));
    const records = await read(["dossiers"], (tx) => tx.all("dossiers"));
    const shown: Record<string, unknown> = {};
    for (const dossier of dossiers) {
      const draft = await open(dossier);
      await draft.refresh();
      shown[dossier] = draft.values();
    }
    return {
      shown,
      rows: rows.map(({ id, rev, due, refused, acknowledged }) => ({
        id, rev, due, refused, acknowledged,
      })),
      parts: Object.assign({}, ...records.map(({ dossier, parts }) => ({ [dossier]: parts }))),
      again,
      sent,
      known: acknowledged.size,
    };
  },

  async readPhoto({ dossier, id }: { dossier: string; id: string }): Promise<string> {
    const blob = await (await open(dossier)).photo(id);
    return sha256(new Uint8Array(await blob.arrayBuffer()));
  },
};

parentPort?.on("message", async ({ number, name, given }) => {
  const late = setTimeout(() => {
    throw new Error(`${name} takes longer than a minute`);
  }, DEADLINE);
  try {
    const result = await does[name as keyof typeof does](given);
    parentPort?.postMessage({ number, result });
  } catch (error) {
    parentPort?.postMessage({ number, failure: String((error as Error).stack ?? error) });
  } finally {
    clearTimeout(late);
  }
});
