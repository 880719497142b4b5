import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import vectors from "../../../tests/vectors/sealing.json" with { type: "json" };
import { importKey, sealJson } from "../seal/index.ts";
import { fetchIntakeKeys } from "../seal/intake.ts";
import { type Bytes, base64url, random, sha256 } from "../store/bytes.ts";
import { close, read, write } from "../store/db.ts";
import type { DossierRecord } from "../store/records.ts";
import { Peer } from "../sync/peer.ts";
import { FakeServer } from "../sync/server.fake.ts";
import { takeDraft, wipeOwner } from "../sync/store.ts";
import {
  belongsTo,
  createVault,
  current,
  holdGrant,
  listVaults,
  lock,
  unlock,
} from "../vault/index.ts";
import { unwrapLocally } from "../vault/open.ts";
import { openFormer, reguard } from "../vault/reguard.ts";
import { create, list, open } from "./index.ts";

/** Each vault costs one Argon2id. */
vi.setConfig({ testTimeout: 30_000 });

const PIN = { kind: "pin", pin: "250861" } as const;
const NEW = { kind: "pin", pin: "739105" } as const;
const OTHER = "b".repeat(32);
let server: FakeServer;

beforeEach(async () => {
  lock();
  await close();
  indexedDB.deleteDatabase("doibang");
  server = new FakeServer([{ ...vectors.intake, not_after: "2030-01-01T00:00:00Z" }]);
  vi.stubGlobal("fetch", server.fetch);
  await fetchIntakeKeys(server.fetch);
});
afterEach(() => vi.unstubAllGlobals());

const recordOf = async (dossier: string): Promise<DossierRecord | undefined> =>
  read(["dossiers"], (tx) => tx.get("dossiers", dossier));

async function keyOf(dossier: string): Promise<Bytes> {
  const { owner, localKey = "" } = (await recordOf(dossier)) ?? {};
  return unwrapLocally(owner ?? "", dossier, localKey);
}

/** As if it had been begun on the other device. */
async function moveTo(dossier: string, owner: string): Promise<void> {
  await write(["dossiers", "docs"], async (tx) => {
    const record = await tx.get("dossiers", dossier);
    if (record) await tx.put("dossiers", { ...record, owner });
    for (const row of await tx.by("docs", "dossier", dossier)) {
      await tx.delete("docs", [row.owner, row.id]);
      await tx.put("docs", { ...row, owner });
    }
  });
}

describe("a vault that holds another device's database too", () => {
  it("lists, opens and locks both", async () => {
    const vault = await createVault({ mode: "own", guard: PIN });
    await holdGrant(vault.id, OTHER, base64url(random(32)));
    expect(current()?.owners).toEqual([vault.owner, OTHER]);
    const draft = await create({ procedure: "doi" });
    await moveTo(draft.dossier, OTHER);
    lock();
    await unlock(vault.id, PIN);
    expect(await list()).toMatchObject([{ owner: OTHER, readable: true }]);
    expect((await open(draft.dossier)).dossier).toBe(draft.dossier);
    lock();
    expect(await list()).toMatchObject([{ owner: OTHER, readable: false }]);
    await expect(open(draft.dossier)).rejects.toMatchObject({ code: "locked" });
  });

  it("is not opened by a neighbour on the same device", async () => {
    const { id, owner } = await createVault({ mode: "own", guard: PIN });
    await holdGrant(id, OTHER, base64url(random(32)));
    const { dossier } = await create({ procedure: "doi" });
    await moveTo(dossier, OTHER);
    lock();
    await createVault({ mode: "own", guard: NEW });
    expect(await list()).toEqual([]);
    await expect(open(dossier)).rejects.toMatchObject({ code: "locked" });
    expect((await recordOf(dossier))?.owner).not.toBe(owner);
  });

  it("goes from a lost device with all it holds, and takes nothing of a neighbour", async () => {
    const { id } = await createVault({ mode: "own", guard: PIN });
    await holdGrant(id, OTHER, base64url(random(32)));
    const [mine, theirs] = [await create({ procedure: "doi" }), await create({ procedure: "doi" })];
    await moveTo(theirs.dossier, OTHER);
    lock();
    const neighbour = await createVault({ mode: "own", guard: NEW });
    const kept = await create({ procedure: "doi" });
    await wipeOwner(OTHER);
    expect((await listVaults()).map((one) => one.id)).toEqual([neighbour.id]);
    expect(await recordOf(mine.dossier)).toBeUndefined();
    expect(await recordOf(theirs.dossier)).toBeUndefined();
    expect(await recordOf(kept.dossier)).toBeDefined();
    const grants = await read(["grants"], (tx) => tx.all("grants"));
    expect(grants.map(({ owner }) => owner)).toEqual([neighbour.owner]);
  });

  it("reads a joined feed from its end, and its own from the beginning", async () => {
    const { id, owner } = await createVault({ mode: "own", guard: PIN });
    const secret = random(32);
    server.grants.add(await sha256(secret));
    await holdGrant(id, OTHER, base64url(secret));
    const asked: string[] = [];
    const listening: typeof fetch = (input, init) => {
      if (String(input).includes("_changes")) asked.push(String(input));
      return server.fetch(input, init);
    };
    await new Peer(listening).run({ pull: true });
    expect(asked.find((url) => url.includes(OTHER))).toContain("since=now");
    expect(asked.find((url) => url.includes(owner))).toContain("since=0");
  });
});

describe("a forgotten PIN", () => {
  it("is replaced for what the server has; the rest stays sealed until it is remembered", async () => {
    const vault = await createVault({ mode: "own", guard: PIN });
    await belongsTo(vault.id, "a".repeat(32));
    const [sent, unsent] = [await create({ procedure: "doi" }), await create({ procedure: "doi" })];
    await unsent.set("phone", "0912345678");
    const key = await keyOf(sent.dossier);
    lock();
    await reguard(vault.id, NEW, new Map([[sent.dossier, key.slice()]]));
    expect(await keyOf(sent.dossier)).toEqual(key);
    expect(await list()).toMatchObject(
      expect.arrayContaining([
        expect.objectContaining({ dossier: sent.dossier, readable: true, former: false }),
        expect.objectContaining({ dossier: unsent.dossier, readable: false, former: true }),
      ]),
    );
    lock();
    await expect(unlock(vault.id, PIN)).rejects.toMatchObject({ code: "wrong_secret" });
    await unlock(vault.id, NEW);
    await expect(openFormer(NEW)).rejects.toMatchObject({ code: "wrong_secret" });
    await openFormer(PIN);
    expect((await open(unsent.dossier)).values()).toMatchObject({ phone: "0912345678" });
  });

  it("changes nothing when the new one cannot be kept", async () => {
    const vault = await createVault({ mode: "own", guard: PIN });
    const { dossier } = await create({ procedure: "doi" });
    lock();
    await expect(reguard(vault.id, { kind: "pin", pin: "12" }, new Map())).rejects.toMatchObject({
      code: "weak",
    });
    await unlock(vault.id, PIN);
    expect((await open(dossier)).dossier).toBe(dossier);
  });
});

describe("a field that two devices changed offline", () => {
  it("is settled by the person on either device, also by keeping what is in force", async () => {
    const { owner } = await createVault({ mode: "own", guard: PIN });
    const { dossier } = await create({ procedure: "doi" });
    const id = `draft:${dossier}:${"c".repeat(32)}`;
    const content = { fields: { phone: ["+84900000001", "1.0"] }, photos: [], removed: {} };
    const sealed = await sealJson(await importKey(await keyOf(dossier)), id, "draft/1", content);
    const draft = await open(dossier);
    await draft.set("phone", "+84900000002");
    await takeDraft(owner, id, "1-a", { schema: "draft/1", sealed });
    await vi.waitFor(() => expect(draft.conflicts()).toHaveLength(1));
    const [conflict] = draft.conflicts();
    expect(conflict?.values.map(({ device, value }) => [device, value])).toEqual(
      expect.arrayContaining([
        ["c".repeat(32), "+84900000001"],
        [current()?.device, "+84900000002"],
      ]),
    );
    await draft.set("phone", "+84900000002");
    expect(draft.conflicts()).toEqual([]);
    expect(draft.values().phone).toBe("+84900000002");
  });
});
