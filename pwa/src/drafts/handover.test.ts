import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import vectors from "../../../tests/vectors/sealing.json" with { type: "json" };
import { newRecipient } from "../seal/claim.ts";
import { importKey, openJson, SealError } from "../seal/index.ts";
import { fetchIntakeKeys } from "../seal/intake.ts";
import {
  type Bytes,
  base64url,
  concat,
  fromBase64url,
  random,
  sha256,
  utf8,
} from "../store/bytes.ts";
import { close, read } from "../store/db.ts";
import type { DocRow, DossierRecord } from "../store/records.ts";
import { Peer } from "../sync/peer.ts";
import { FakeServer, problem } from "../sync/server.fake.ts";
import { createVault, current, lock, type Mode } from "../vault/index.ts";
import { unwrapLocally } from "../vault/open.ts";
import { codeOf, create, type Draft, list, open, take } from "./index.ts";

/** Each vault costs one Argon2id. */
vi.setConfig({ testTimeout: 30_000 });

const PART = 32_740;
let server: FakeServer;
let peer: Peer;

beforeEach(async () => {
  await newDevice();
  server = new FakeServer([{ ...vectors.intake, not_after: "2030-01-01T00:00:00Z" }]);
  peer = new Peer(server.fetch);
  vi.stubGlobal("fetch", server.fetch);
  await fetchIntakeKeys(server.fetch);
});
afterEach(() => vi.unstubAllGlobals());

/** Nothing of the last device is left but what it sent. */
async function newDevice(): Promise<void> {
  lock();
  await close();
  indexedDB.deleteDatabase("doibang");
}

const run = (): ReturnType<Peer["run"]> => peer.run({ pull: true });

async function filled(mode: Mode): Promise<Draft> {
  if (!current()) await createVault({ mode, guard: { kind: "pin", pin: "250861" } });
  const draft = await create({ procedure: "doi" });
  await draft.setAll({ full_name: "Nguyễn Văn Mẫu", date_of_birth: "1961-05-02" });
  await draft.setPosition("dien-thoai");
  const shot = new Blob([new Uint8Array([0xff, 0xd8]), random(PART * 2 + 5)]);
  await draft.addPhoto("licence_front", shot, { width: 1600, height: 1009 });
  return draft;
}

async function recordOf(dossier: string): Promise<DossierRecord> {
  const found = await read(["dossiers"], (tx) => tx.get("dossiers", dossier));
  if (!found) throw new Error("no such dossier");
  return found;
}
const docsOf = (dossier: string): Promise<DocRow[]> =>
  read(["docs"], (tx) => tx.by("docs", "dossier", dossier));

async function keyOf(dossier: string): Promise<Bytes> {
  const { owner, localKey } = await recordOf(dossier);
  return unwrapLocally(owner, dossier, localKey ?? "");
}

/** The server's side of a claim (RFC 9180 base mode), for the vault that is open. */
async function wrapFor(point: string, dossier: string, raw: Bytes, owner: string, device: string) {
  const { Aes256Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } = await import("@hpke/core");
  const suite = new CipherSuite({
    kem: new DhkemP256HkdfSha256(),
    kdf: new HkdfSha256(),
    aead: new Aes256Gcm(),
  });
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64url(point));
  const info = utf8(`doibang/1\nclaim\n${owner}\n${dossier}\n${device}`);
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, raw);
  return base64url(concat(new Uint8Array(enc), new Uint8Array(ct)));
}

function giveOut(dossier: string, raw: Bytes, slip: string | null = null): void {
  server.claims = async ({ key }) => {
    const vault = current();
    const wrapped = await wrapFor(
      String(key),
      dossier,
      raw,
      vault?.owner ?? "",
      vault?.device ?? "",
    );
    return problem(200, { dossier, kind: "hand_over", slip, until: null, wrapped });
  };
}

const status = (group: string, code: string, counter: number, more: object = {}): object => ({
  schema: "status/1",
  counter,
  group,
  code,
  n: 0,
  submission: null,
  submission_digest: null,
  receipts: {},
  missing: [],
  refused: {},
  ...more,
});
const say = (dossier: string, ...rest: [string, string, number, object?]): void =>
  server.publish(`status:${dossier}`, status(...rest) as Record<string, unknown>);

it("a claim's key opens for its owner, dossier and device only", async () => {
  const recipient = await newRecipient();
  expect(fromBase64url(recipient.key)).toHaveLength(65);
  const raw = random(32);
  const wrapped = await wrapFor(recipient.key, "d", raw, "o", "v");
  expect(await recipient.open(wrapped, "o", "d", "v")).toEqual(raw);
  await expect(recipient.open(wrapped, "o", "d", "w")).rejects.toThrow(SealError);
  const other = await newRecipient();
  await expect(other.open(wrapped, "o", "d", "v")).rejects.toThrow(SealError);
});

it("a code asks in a sealed request, and a lock forgets it", async () => {
  const draft = await filled("own");
  const code = await draft.handOver("lend");
  expect(fromBase64url(code.secret)).toHaveLength(16);
  expect(code.typed).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/);
  const row = (await docsOf(draft.dossier)).find(({ id }) => id === code.request);
  expect(row?.due).toBe("1");
  const key = await importKey(await keyOf(draft.dossier));
  expect(
    await openJson(key, code.request ?? "", "request/1", String(row?.body.sealed)),
  ).toMatchObject({
    kind: "lend",
    dossier: draft.dossier,
    claim: await sha256(fromBase64url(code.secret)),
    typed: code.typed,
    date_of_birth: "1961-05-02",
  });
  expect(JSON.stringify(await docsOf(draft.dossier))).not.toContain(code.secret);
  expect(codeOf(draft.dossier)?.filed?.photos).toEqual(["licence_front"]);
  lock();
  expect(codeOf(draft.dossier)).toBeNull();
});

it("a tablet asks for the code in the same step as it sends, and has no key afterwards", async () => {
  const draft = await filled("clerk");
  await draft.submit();
  const kinds = (await docsOf(draft.dossier)).map(({ id }) => id.split(":")[0]);
  expect(kinds).toContain("submission");
  expect(kinds).toContain("request");
  expect((await recordOf(draft.dossier)).localKey).toBeUndefined();
  expect(codeOf(draft.dossier)?.code.kind).toBe("hand_over");
  expect(draft.values()).toEqual({});
  say(draft.dossier, "draft", "draft", 1, {
    claim: { request: codeOf(draft.dossier)?.code.request, expires_at: "2026-11-24T00:00:00Z" },
  });
  await run();
  const [row] = await list();
  expect(row?.claim?.request).toBe(codeOf(draft.dossier)?.code.request);
  expect(row?.group).toBeNull();
});

it("a draft in the middle goes to another device with its photos, and is finished there", async () => {
  const draft = await filled("clerk");
  await draft.set("helper", { account: "c", point: "p", confirmation: "present" });
  await draft.handOver("hand_over");
  await run();
  const { dossier } = draft;
  giveOut(dossier, await keyOf(dossier));
  const before = new Uint8Array(
    await (await draft.photo(draft.photos()[0]?.id ?? "")).arrayBuffer(),
  );

  await newDevice();
  peer = new Peer(server.fetch);
  await createVault({ mode: "own", guard: { kind: "pin", pin: "250861" } });
  await fetchIntakeKeys(server.fetch);
  await run();
  expect((await take({ secret: "s" })).dossier).toBe(dossier);
  expect((await list())[0]).toMatchObject({ arriving: true, readable: false });
  let chunks = 0;
  server.fault = ({ path }) => (path.endsWith("/c") && ++chunks === 2 ? "drop" : undefined);
  await run();
  const mine = await open(dossier);
  expect(mine.values()).toMatchObject({ full_name: "Nguyễn Văn Mẫu" });
  expect(mine.position).toBe("dien-thoai");
  expect((await list())[0]).toMatchObject({ arriving: false, awaited: 3 });
  expect((await run()).outcome).toBe("unreachable");
  expect((await list())[0]?.awaited).toBe(2);
  await run();
  expect((await list())[0]?.awaited).toBe(0);
  const photo = mine.photos()[0];
  expect(new Uint8Array(await (await mine.photo(photo?.id ?? "")).arrayBuffer())).toEqual(before);

  await mine.set("phone", "+84912345678");
  await mine.submit();
  await run();
  const [id, sent] = [...server.docs].find(([name]) => name.startsWith("submission:")) ?? [];
  const key = await importKey(await keyOf(dossier));
  const plain = await openJson(key, id ?? "", "submission/1", String(sent?.body.sealed));
  expect(plain).toMatchObject({ n: 1, answers: { full_name: "Nguyễn Văn Mẫu" } });
  expect(plain).not.toHaveProperty("helper");
});

it("a sent dossier that was taken counts on from the submission another device wrote", async () => {
  const draft = await filled("clerk");
  await run();
  const raw = await keyOf(draft.dossier);
  await draft.submit();
  await run();
  const { dossier } = draft;
  const sent = await recordOf(dossier);
  giveOut(dossier, raw, sent.slip);
  const receipts = Object.fromEntries(sent.submittedPhotos.map((id) => [id, sent.parts[id]]));
  const named = { n: 1, submission: sent.submission, submission_digest: sent.submissionDigest };
  say(dossier, "accepted", "received", 1, { ...named, receipts });

  await newDevice();
  peer = new Peer(server.fetch);
  await createVault({ mode: "borrowed", guard: { kind: "pin", pin: "250861" } });
  await fetchIntakeKeys(server.fetch);
  await run();
  await take({ typed: "AAAABBBB", date_of_birth: "1961-05-02" });
  await run();
  const mine = await open(dossier);
  expect(mine.submitted).toBe(true);
  expect(mine.slip).toBe(sent.slip);
  expect(mine.sending().state).toBe("accepted");
  expect((await recordOf(dossier)).wiped).toBeUndefined(); // not sent from here
  expect((await recordOf(dossier)).n).toBe(1);
  expect((await list())[0]?.awaited).toBe(0); // photos only once they may be needed
});

it("what a tablet gave away is gone from it", async () => {
  const draft = await filled("clerk");
  await draft.handOver("hand_over");
  await run();
  say(draft.dossier, "handed_over", "handed_over", 2);
  await run();
  expect(await docsOf(draft.dossier)).toEqual([]);
  expect((await recordOf(draft.dossier)).localKey).toBeUndefined();
  expect((await list())[0]).toMatchObject({ group: "handed_over", readable: false });
});

it("a lent dossier is read only until it comes back, and then what was refused is sent", async () => {
  const draft = await filled("own");
  await draft.handOver("lend");
  await run();
  await draft.set("phone", "+84912345678");
  server.forbidden.set("draft:", "handed_over");
  await run();
  expect(draft.away()).toEqual({ lent: false, until: null }); // by the gate's word alone
  const until = "2026-11-24T00:00:00Z";
  say(draft.dossier, "handed_over", "lent", 2, { until });
  await run();
  expect(draft.away()).toEqual({ lent: true, until });
  expect(draft.values().full_name).toBe("Nguyễn Văn Mẫu");
  await expect(draft.set("phone", "+84900000000")).rejects.toThrow("not_editable");
  await expect(draft.submit()).rejects.toThrow("not_editable");
  expect((await list())[0]?.sending.state).toBe("unsent");

  server.forbidden.clear();
  say(draft.dossier, "draft", "draft", 3);
  await run();
  await run();
  expect(draft.away()).toBeNull();
  const row = (await docsOf(draft.dossier)).find(({ id }) => id.startsWith("draft:"));
  expect(row?.refused).toBeUndefined();
  expect(server.docs.get(row?.id ?? "")?.rev).toBe(row?.rev);
  await draft.set("phone", "+84900000000");
});
