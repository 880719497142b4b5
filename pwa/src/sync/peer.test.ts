import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it, vi } from "vitest";
import vectors from "../../../tests/vectors/sealing.json" with { type: "json" };
import { create, type Draft, list, open } from "../drafts/index.ts";
import { importKey, openChunk, openJson, sealJson } from "../seal/index.ts";
import { fetchIntakeKeys } from "../seal/intake.ts";
import { type Bytes, random } from "../store/bytes.ts";
import { close, meta, read } from "../store/db.ts";
import { type DossierRecord, REPORTED_LOST } from "../store/records.ts";
import { emit } from "../store/signals.ts";
import { createVault, current, lock, type Mode, unlock } from "../vault/index.ts";
import { unwrapLocally } from "../vault/open.ts";
import { Peer } from "./peer.ts";
import { FakeServer, problem } from "./server.fake.ts";
import { setNetwork } from "./state.ts";
import { dueTexts, expireClosed, markAttempted } from "./store.ts";

/** Each vault costs one Argon2id. */
vi.setConfig({ testTimeout: 30_000 });

const GUARD = { kind: "pin", pin: "250861" } as const;
const PART = 32_740;

let server: FakeServer;
let peer: Peer;

beforeEach(async () => {
  lock();
  await close();
  indexedDB.deleteDatabase("doibang");
  server = new FakeServer([{ ...vectors.intake, not_after: "2030-01-01T00:00:00Z" }]);
  peer = new Peer(server.fetch);
  vi.useRealTimers();
  setNetwork("online");
  await fetchIntakeKeys(server.fetch);
  server.seen.length = 0;
});

const run = (pull = true): ReturnType<Peer["run"]> => peer.run({ pull });

function jpeg(size: number): Blob {
  const bytes = random(size % 65_536 || 65_536);
  const whole = new Uint8Array(size);
  for (let at = 0; at < size; at += bytes.length) whole.set(bytes.subarray(0, size - at), at);
  whole.set([0xff, 0xd8]);
  return new Blob([whole], { type: "image/jpeg" });
}

async function filled(mode: Mode = "own", parts = 3): Promise<Draft> {
  if (!current()) await createVault({ mode, guard: GUARD });
  const draft = await create({ procedure: "doi" });
  await draft.setAll({ full_name: "Nguyễn Văn Mẫu", phone: "+84912345678" });
  await draft.addPhoto("licence_front", jpeg(PART * parts), { width: 1600, height: 1009 });
  return draft;
}

async function recordOf(dossier: string): Promise<DossierRecord> {
  const found = await read(["dossiers"], (tx) => tx.get("dossiers", dossier));
  if (!found) throw new Error("no such dossier");
  return found;
}

async function dataKey(dossier: string): Promise<Bytes> {
  const record = await recordOf(dossier);
  return unwrapLocally(record.owner, dossier, record.localKey ?? "");
}

/** What intake writes after everything arrived; `change` makes it say something else. */
async function acknowledge(draft: Draft, change: Record<string, unknown> = {}): Promise<void> {
  const record = await recordOf(draft.dossier);
  const receipts = Object.fromEntries(record.submittedPhotos.map((id) => [id, record.parts[id]]));
  server.publish(`status:${draft.dossier}`, {
    schema: "status/1",
    counter: 1,
    group: "accepted",
    code: "received",
    n: record.n,
    submission: record.submission,
    submission_digest: record.submissionDigest,
    receipts,
    missing: [],
    refused: {},
    ...change,
  });
}

const chunkPuts = (): string[] => server.paths("PUT").filter((path) => path.includes("/chunk:"));

describe("a first sync", () => {
  it("grants, then sends the text before any part of a photo, sealed for the server", async () => {
    const draft = await filled();
    expect((await run()).pending).toBe(0);
    const order = server.seen.map(
      ({ path }) => path.replace(/\/db\/drafts-[0-9a-f]+\/?/, "").split(":")[0],
    );
    expect(order.slice(0, 4)).toEqual(["/api/grants", "", "draft", "chunk"]);
    expect(chunkPuts()).toHaveLength(3);
    const key = await importKey(await dataKey(draft.dossier));
    for (const [id, { body, bytes }] of server.docs) {
      expect(JSON.stringify(body)).not.toContain("Mẫu");
      if (id.startsWith("draft:")) {
        const opened = await openJson(key, id, "draft/1", String(body.sealed));
        expect(opened).toMatchObject({
          fields: { full_name: ["Nguyễn Văn Mẫu", expect.any(String)] },
        });
      }
      if (bytes) expect(await openChunk(key, id, 3, bytes as Bytes)).toHaveLength(PART);
    }
  });

  it("sends an edit made while it was setting out, not the revision that the edit replaced", async () => {
    const draft = await filled();
    const { owner } = await recordOf(draft.dossier);
    const read = await dueTexts(owner);
    await draft.set("phone", "+84912345679");
    const [now] = await dueTexts(owner);
    expect(now?.rev).not.toBe(read[0]?.rev);
    expect((await markAttempted(read)).map(({ rev }) => rev)).toEqual([now?.rev]);
  });

  it("sends what was saved while a signal had the draft read again", async () => {
    await createVault({ mode: "own", guard: GUARD });
    const making = create({ procedure: "doi" });
    const signals = setInterval(() => emit({ type: "dossier", dossier: "*", owner: "" }), 0);
    const draft = await making.finally(() => clearInterval(signals));
    const { owner } = await recordOf(draft.dossier);
    expect(await dueTexts(owner)).toHaveLength(1);
  });

  it("costs nothing more when nothing changed, and one request for an edit", async () => {
    const draft = await filled();
    await run();
    server.seen.length = 0;
    await run(false);
    expect(server.seen).toEqual([]);
    await draft.set("phone", "+84912345679");
    await run(false);
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.size).toBeLessThan(1500);
  });

  it("makes many offline edits one revision, and a sent one its parent", async () => {
    const draft = await filled();
    for (const phone of ["+84900000001", "+84900000002"]) await draft.set("phone", phone);
    await run();
    const [id, stored] = [...server.docs].find(([name]) => name.startsWith("draft:")) ?? [];
    expect(stored?.rev).toMatch(/^1-/);
    await draft.set("phone", "+84900000003");
    await run();
    expect(server.docs.get(id ?? "")?.rev).toMatch(/^2-/);
  });
});

describe("a cut", () => {
  it("costs at most the two parts in flight, and is resumed", async () => {
    await filled("own", 7);
    let parts = 0;
    server.fault = ({ path }) => (path.includes("/chunk:") && ++parts > 3 ? "cut" : undefined);
    expect(await run()).toMatchObject({ outcome: "unreachable" });
    server.fault = () => undefined;
    expect(await run()).toMatchObject({ outcome: "done", pending: 0 });
    const puts = chunkPuts();
    expect(new Set(puts).size).toBe(7);
    expect(puts.length).toBeLessThanOrEqual(7 + 2);
  });

  it("of a draft's answer does not make a second branch", async () => {
    const draft = await filled();
    server.fault = ({ path }) => (path.includes("/draft:") ? "cut" : undefined);
    await run();
    server.fault = () => undefined;
    const sent = [...server.docs].find(([id]) => id.startsWith("draft:"))?.[1].rev;
    await draft.set("phone", "+84900000009");
    await run();
    const after = [...server.docs].find(([id]) => id.startsWith("draft:"))?.[1].rev;
    expect([sent?.split("-")[0], after?.split("-")[0]]).toEqual(["1", "2"]);
  });

  it("before the grant was answered is no harm", async () => {
    const draft = await filled();
    server.fault = ({ path }) => (path === "/api/grants" ? "cut" : undefined);
    await run();
    expect(draft.sending().state).toBe("unsent");
    server.fault = () => undefined;
    expect((await run()).pending).toBe(0);
  });
});

describe("what a person is told", () => {
  it("is sent and accepted only by receipts that name the digests", async () => {
    const draft = await filled();
    expect(draft.sending()).toMatchObject({ state: "unsent" });
    await draft.submit();
    expect(draft.sending()).toEqual({ state: "sending", sent: 0, total: 4 });
    await run();
    const reopened = await open(draft.dossier);
    await expect.poll(() => reopened.sending()).toEqual({ state: "sending", sent: 4, total: 4 });
    const wrong = (await recordOf(draft.dossier)).submittedPhotos[0] ?? "";
    await acknowledge(draft, { receipts: { [wrong]: ["0".repeat(64)] } });
    await run();
    await expect.poll(() => draft.status()?.counter).toBe(1);
    expect(draft.sending().state).toBe("sending");
    await acknowledge(draft, { counter: 2 });
    await run();
    await expect.poll(() => draft.sending().state).toBe("accepted");
  });

  it("is waiting for the network while there is none", async () => {
    const draft = await filled();
    await draft.submit();
    setNetwork("offline");
    expect(draft.sending().state).toBe("waiting_network");
    expect((await list())[0]?.sending.state).toBe("waiting_network");
  });

  it("ignores a status older than the one it has", async () => {
    const draft = await filled();
    await draft.submit();
    await acknowledge(draft, { counter: 5 });
    await run();
    await acknowledge(draft, { counter: 4, group: "action_needed", code: "returned" });
    await run();
    expect((await recordOf(draft.dossier)).status?.group).toBe("accepted");
  });

  it("sends again what the server misses, and says which photo", async () => {
    const draft = await filled();
    await draft.submit();
    await run();
    const photo = draft.photos()[0]?.id ?? "";
    const id = `chunk:${draft.dossier}:${photo}:1`;
    server.docs.delete(id);
    await acknowledge(draft, {
      group: "incomplete",
      code: "incomplete",
      receipts: {},
      missing: [id],
    });
    await run();
    await expect.poll(() => draft.status()?.missing).toEqual([{ photo, missing: 1, of: 3 }]);
    expect(server.docs.has(id)).toBe(true);
  });

  it("does not send again what arrived after the status was written", async () => {
    const draft = await filled();
    await draft.submit();
    await run();
    const missing = [`chunk:${draft.dossier}:${draft.photos()[0]?.id}:1`];
    await acknowledge(draft, { group: "incomplete", code: "incomplete", receipts: {}, missing });
    await run();
    expect(chunkPuts()).toHaveLength(3);
  });
});

describe("a refusal", () => {
  it("of one document is kept, shown with its reason and not tried again", async () => {
    const draft = await filled();
    await draft.submit();
    server.forbidden.set("submission:", "dossier_of_other");
    await run();
    await expect
      .poll(() => draft.sending())
      .toMatchObject({ state: "refused", reason: "dossier_of_other" });
    const before = server.paths("PUT").length + server.paths("POST").length;
    await run();
    expect(server.paths("PUT").length + server.paths("POST").length).toBe(before);
    expect(chunkPuts()).toHaveLength(3);
  });

  it("of the grant becomes 'sign in', loses nothing, and a new grant resumes", async () => {
    const draft = await filled();
    await draft.submit();
    server.fault = ({ path }) =>
      path.startsWith("/db/")
        ? problem(401, { error: "unauthorized", reason: "grant_revoked" })
        : undefined;
    expect(await run()).toMatchObject({ outcome: "sign_in", pending: 5 });
    await expect
      .poll(() => draft.sending())
      .toMatchObject({ state: "sign_in", reason: "grant_revoked" });
    expect(draft.values().full_name).toBe("Nguyễn Văn Mẫu");
  });

  it("as a lost device wipes this owner here", async () => {
    const draft = await filled();
    server.fault = ({ path }) =>
      path.startsWith("/db/")
        ? problem(401, { error: "unauthorized", reason: "device_lost" })
        : undefined;
    await run();
    const rows = await read(["docs", "bytes", "dossiers", "vaults", "grants"], (tx) =>
      Promise.all([
        tx.all("docs"),
        tx.all("bytes"),
        tx.all("dossiers"),
        tx.all("vaults"),
        tx.all("grants"),
      ]),
    );
    expect(rows.flat()).toEqual([]);
    expect(current()).toBeNull();
    expect(draft.dossier).toMatch(/^[0-9a-f]{32}$/);
  });

  it("as a lost device wipes also where the grant was revoked before", async () => {
    await filled();
    let reason = "grant_revoked";
    server.fault = ({ path }) =>
      path.startsWith("/db/") ? problem(401, { error: "unauthorized", reason }) : undefined;
    await run();
    server.seen.length = 0;
    expect(await run()).toMatchObject({ outcome: "sign_in", pending: 4 });
    await run(false);
    expect(server.paths("PUT")).toHaveLength(1);
    reason = "device_lost";
    expect(await run()).toMatchObject({ outcome: "done", pending: 0 });
    expect(await read(["vaults"], (tx) => tx.all("vaults"))).toEqual([]);
    expect(await meta(REPORTED_LOST)).toMatch(/^20..-/);
  });

  it.each([
    [503, "17", 17],
    [429, null, 30],
  ])("for now (%s, Retry-After %s) waits as long as asked", async (status, header, after) => {
    await filled();
    server.fault = ({ path }) =>
      path.startsWith("/db/")
        ? problem(status, {}, header ? { "retry-after": header } : {})
        : undefined;
    const report = await run();
    expect(report).toMatchObject({ outcome: "busy", after });
    expect(report.pending).toBe(4);
  });
});

describe("a server that lost its data", () => {
  it("gets everything again", async () => {
    const draft = await filled();
    await draft.submit();
    await run();
    const had = [...server.docs.keys()].sort();
    server.forget();
    peer = new Peer(server.fetch);
    expect((await run()).pending).toBe(0);
    expect([...server.docs.keys()].sort()).toEqual(had);
  });
});

describe("a submission that the server acknowledged and lost", () => {
  it("is sent again when no status names it in time", async () => {
    const draft = await filled();
    await draft.submit();
    await run();
    const submissions = [...server.docs.keys()].filter((id) => id.startsWith("submission:"));
    expect(submissions).toHaveLength(1);
    server.docs.delete(submissions[0] ?? "");
    await run();
    expect(server.docs.has(submissions[0] ?? "")).toBe(false);
    vi.setSystemTime(Date.now() + 11 * 60_000);
    await run();
    expect(server.docs.has(submissions[0] ?? "")).toBe(true);
    expect(chunkPuts()).toHaveLength(3);
  });
});

describe("a shared device", () => {
  it("keeps no way into a borrowed phone's vault after sending, and nothing after the receipt", async () => {
    const draft = await filled("borrowed");
    const { slip } = draft;
    const id = current()?.id ?? "";
    await draft.submit();
    lock();
    await expect(unlock(id, GUARD)).rejects.toMatchObject({ code: "sealed" });
    await expect(open(draft.dossier)).rejects.toMatchObject({ code: "locked" });
    await run();
    await acknowledge(draft);
    await run();
    const left = await read(["docs", "bytes"], (tx) =>
      Promise.all([tx.all("docs"), tx.all("bytes")]),
    );
    expect(left.flat()).toEqual([]);
    expect(await list()).toMatchObject([{ slip, readable: false, sending: { state: "accepted" } }]);
  });

  it("wipes a clerk's dossier by receipt and keeps the one still being filled", async () => {
    const draft = await filled("clerk");
    const other = await filled("clerk");
    await draft.submit();
    await run();
    await acknowledge(draft);
    await run();
    const rows = await read(["docs"], (tx) => tx.all("docs"));
    expect(new Set(rows.map(({ dossier }) => dossier))).toEqual(new Set([other.dossier]));
    expect((await list()).find((row) => row.dossier === draft.dossier)?.readable).toBe(false);
  });
});

describe("a correction", () => {
  it("opens what was marked only, and is the next submission", async () => {
    const draft = await filled();
    await draft.submit();
    await run();
    const key = await importKey(await dataKey(draft.dossier));
    const items = [{ target: "photo:licence_front", reason: "blurred", text: "Ảnh mờ" }];
    const detail = { state: "returned", correction: { n: 2, items, note: null } };
    const sealed = await sealJson(key, `status:${draft.dossier}`, "status/1", detail);
    await acknowledge(draft, { group: "action_needed", code: "returned", sealed });
    await run();
    await expect.poll(() => draft.correction()?.n).toBe(2);
    expect(draft.sending().state).toBe("action_needed");
    expect(draft.editable("photo:licence_front")).toBe(true);
    await expect(draft.set("full_name", "Khác")).rejects.toMatchObject({ code: "not_editable" });
    await draft.addPhoto("licence_front", jpeg(40_000), { width: 800, height: 500 });
    await draft.submit();
    expect(draft.sending()).toMatchObject({ state: "sending", sent: 0, total: 3 });
    await run();
    const sent = [...server.docs].filter(([id]) => id.startsWith("submission:"));
    const numbers = sent.map(([, { body }]) => body.n);
    expect(numbers).toEqual([1, 2]);
    await expect(draft.submit()).rejects.toMatchObject({ code: "submitted" });
  });
});

describe("a closed dossier", () => {
  it("is readable here for thirty days", async () => {
    const draft = await filled();
    await draft.submit();
    await run();
    await acknowledge(draft, { group: "closed", code: "delivered" });
    await run();
    await expireClosed(Date.now() + 29 * 86_400_000);
    expect((await draft.photo(draft.photos()[0]?.id ?? "")).size).toBe(3 * PART);
    await expireClosed(Date.now() + 31 * 86_400_000);
    expect(await read(["bytes"], (tx) => tx.all("bytes"))).toEqual([]);
    expect(await list()).toMatchObject([{ code: "delivered", readable: false }]);
  });
});

describe("erasure", () => {
  it("takes the dossier off this device at the next contact", async () => {
    const draft = await filled();
    await draft.submit();
    await run();
    server.publish(`status:${draft.dossier}`, {
      schema: "status/1",
      counter: 9,
      group: "erased",
      code: "erased",
    });
    await run();
    expect(await list()).toEqual([]);
    expect(await read(["bytes"], (tx) => tx.all("bytes"))).toEqual([]);
  });
});
