// PouchDB replicates with the server both ways: documents, attachments, conflicts, deletions, a live feed.
// node pouchdb.mjs PATH_OF_POUCHDB URL_WITH_USER
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [, , pouchdb, server] = process.argv;
const require = createRequire(import.meta.url);
const PouchDB = require(pouchdb);
const folder = await mkdtemp(join(tmpdir(), "pouchdb-"));
const local = (name) => new PouchDB(join(folder, name));

const photo = (seed) => {
  const bytes = Buffer.alloc(150_000);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + seed * 17) & 255;
  return bytes;
};

async function snapshot(db) {
  const all = {};
  const { results } = await db.changes({ style: "all_docs", limit: 10_000 });
  for (const { id } of results) {
    const leaves = await db.get(id, { open_revs: "all", revs: true });
    all[id] = [];
    for (const { ok } of leaves) {
      const files = {};
      for (const [name, meta] of Object.entries(ok._attachments ?? {})) {
        const data = Buffer.from(await db.getAttachment(id, name, { rev: ok._rev }));
        files[name] = [meta.digest, meta.length ?? data.length, data.toString("base64")];
      }
      const { _attachments, ...rest } = ok;
      all[id].push({ ...rest, files });
    }
    all[id].sort((a, b) => (a._rev < b._rev ? -1 : 1));
  }
  return Object.fromEntries(Object.entries(all).sort());
}

const phone = local("phone");
const remote = new PouchDB(`${server}/pouch`);
for (let n = 0; n < 120; n++) await phone.put({ _id: `d${n}`, n, text: "Trần Thị Đào" });
for (let n = 0; n < 4; n++) {
  await phone.put({
    _id: `photo${n}`,
    _attachments: { "p.jpg": { content_type: "image/jpeg", data: photo(n) } },
  });
}
for (let n = 0; n < 10; n++) {
  const doc = await phone.get("d0");
  await phone.put({ ...doc, edit: n });
}
await phone.remove(await phone.get("d1"));

const pushed = await phone.replicate.to(remote);
assert.equal(pushed.ok, true);
assert.equal(pushed.doc_write_failures, 0);
assert.equal((await remote.info()).doc_count, 123);

// a second device pulls, both edit the same document, both sync: one conflict, one winner
const tablet = local("tablet");
assert.equal((await tablet.replicate.from(remote)).ok, true);
assert.deepEqual(await snapshot(tablet), await snapshot(phone));
await phone.put({ ...(await phone.get("d2")), from: "phone" });
await tablet.put({ ...(await tablet.get("d2")), from: "tablet" });
await tablet.remove(await tablet.get("d3"));
await tablet.sync(remote);
await phone.sync(remote);
await tablet.sync(remote);
assert.deepEqual(await snapshot(tablet), await snapshot(phone));
assert.deepEqual(await snapshot(remote), await snapshot(phone));
const winners = await Promise.all([phone, tablet, remote].map((db) => db.get("d2", { conflicts: true })));
for (const winner of winners) assert.equal(winner._conflicts.length, 1);
assert.equal(new Set(winners.map((winner) => winner._rev)).size, 1);

// a live pull gets what somebody writes directly, a repetition sends nothing
const live = phone.replicate.from(remote, { live: true });
const arrived = new Promise((resolve) => live.on("change", resolve));
await remote.put({ _id: "status:1", state: "received" });
await arrived;
assert.equal((await phone.get("status:1")).state, "received");
live.cancel();
const again = await phone.replicate.to(remote);
assert.equal(again.docs_written, 0);

// an attachment travels as a stub of a later edit
await phone.put({ ...(await phone.get("photo0")), note: "seen" });
await phone.replicate.to(remote);
assert.deepEqual(Buffer.from(await remote.getAttachment("photo0", "p.jpg")), photo(0));

for (const db of [phone, tablet]) await db.close();
await rm(folder, { recursive: true });
console.log("all equal");
process.exit(0);
