// node schedules.mjs DEVICE.mjs SERVER_ORIGIN SEED COUNT SECONDS
// Plays COUNT schedules (or as many as fit in SECONDS) and prints one JSON line for each. Asks the
// test on stdout to make grants and to kill and start the server; the answers come on stdin.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { Worker } from "node:worker_threads";
import { Link } from "./link.mjs";

const [file, server, seed, count, seconds] = process.argv.slice(2);
const PART = 32_740;
const IN_FLIGHT = 2;
const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const hex = () => randomBytes(16).toString("hex");

/** mulberry32 */
function generator(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
async function ask(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
  return JSON.parse((await lines.next()).value);
}

class Phone {
  waiting = new Map();
  number = 0;
  constructor(link) {
    this.worker = new Worker(file, { workerData: { link, server } });
    this.worker.on("message", ({ number, result, failure }) => {
      const { resolve, reject } = this.waiting.get(number);
      this.waiting.delete(number);
      if (failure) reject(new Error(failure));
      else resolve(result);
    });
    this.worker.on("error", (error) => {
      throw error;
    });
  }
  do(name, given = {}) {
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.number, { resolve, reject });
      this.worker.postMessage({ number: this.number, name, given });
    });
  }
}

/** Who has what: what each phone was told is saved. */
class Owner {
  constructor(phones) {
    this.id = hex();
    this.phones = phones.map((phone, number) => ({ phone, number, device: hex(), secret: randomBytes(32) }));
    this.dossiers = [];
    this.said = new Map();
    this.photos = new Map();
    this.edits = 0;
  }
  async begin() {
    for (const { phone, number, device, secret } of this.phones) {
      await ask({ grant: { owner: this.id, device, hash: hash(secret) } });
      const state = number === 0 ? "made" : "posted";
      await phone.do("begin", { owner: this.id, device, secret: secret.toString("base64url"), state });
    }
  }
  async another() {
    const [first, ...others] = this.phones;
    const made = await first.phone.do("create");
    for (const { phone } of others) await phone.do("join", made);
    this.dossiers.push(made.dossier);
  }
  async edit(rng, one) {
    const dossier = this.dossiers[Math.floor(rng() * this.dossiers.length)];
    const name = rng() < 0.3 ? "shared" : `of_${one.number}`;
    const value = `${++this.edits}`;
    const key = `${dossier} ${name}`;
    const before = this.said.get(key) ?? new Set();
    this.said.set(key, name === "shared" ? before.add(value) : new Set([value]));
    await one.phone.do("set", { dossier, [name]: value });
  }
  async photograph(rng, one) {
    const dossier = this.dossiers[Math.floor(rng() * this.dossiers.length)];
    const kind = one.number === 0 ? "licence_front" : "licence_back";
    const size = Math.floor(20 + rng() * PART * 2.2);
    const made = await one.phone.do("photograph", { dossier, kind, size });
    this.photos.set(`${dossier} ${kind}`, { ...made, dossier, one });
  }
  async settled() {
    let reports = [];
    for (let tries = 0; tries < 12; tries++) {
      reports = [];
      for (const { phone } of this.phones) reports.push(await phone.do("run", { pull: true }));
      if (tries > 0 && reports.every(({ outcome, pending }) => outcome === "done" && pending === 0)) return;
    }
    assert.fail(`the network is good, and yet: ${JSON.stringify(reports)}`);
  }
  async verify(cuts) {
    const looks = [];
    for (const { phone } of this.phones) looks.push(await phone.do("look", { dossiers: this.dossiers }));
    const [{ secret }] = this.phones;
    const headers = { authorization: `Bearer ${secret.toString("base64url")}` };
    const base = `${server}/db/drafts-${this.id}`;
    const { results } = await (await fetch(`${base}/_changes?style=all_docs`, { headers })).json();
    const leaves = new Map(results.map(({ id, changes }) => [id, changes.map(({ rev }) => rev)]));
    for (const look of looks) {
      assert.deepEqual(look.again, [], "acknowledged parts were sent again");
      assert(look.sent <= look.known + IN_FLIGHT * cuts, `${look.sent} sent, ${look.known} parts, ${cuts} cuts`);
      for (const row of look.rows) {
        assert.equal(row.refused, undefined, JSON.stringify(row));
        assert.deepEqual(leaves.get(row.id), [row.rev], `the server has another ${JSON.stringify(row)}`);
      }
    }
    for (const look of looks) assert.deepEqual(look.shown, looks[0].shown, "the phones differ");
    for (const [key, values] of this.said) {
      const [dossier, name] = key.split(" ");
      assert(values.has(looks[0].shown[dossier][name]), `${key}: ${looks[0].shown[dossier][name]} is none of ${[...values]}`);
    }
    for (const { id, digest, dossier, one } of this.photos.values()) {
      assert.equal(await one.phone.do("readPhoto", { dossier, id }), digest);
      const parts = looks[one.number].parts[dossier][id];
      for (const [number, expected] of parts.entries()) {
        const answer = await fetch(`${base}/chunk:${dossier}:${id}:${number}/c`, { headers });
        assert.equal(hash(Buffer.from(await answer.arrayBuffer())), expected, `${id}:${number}`);
      }
    }
  }
}

async function schedule(phones, link, rng) {
  const owners = [new Owner(phones.slice(0, 2)), new Owner(phones.slice(2))];
  for (const owner of owners) {
    await owner.begin();
    await owner.another();
  }
  const cutsBefore = link.cuts;
  const running = new Map();
  link.rough = true;
  const steps = 10 + Math.floor(rng() * 20);
  const restartAt = rng() < 0.06 ? Math.floor(rng() * steps) : -1;
  for (let step = 0; step < steps; step++) {
    const owner = owners[rng() < 0.7 ? 0 : 1];
    const one = owner.phones[Math.floor(rng() * owner.phones.length)];
    const what = rng();
    if (step === restartAt) await ask({ restart: true });
    else if (what < 0.2) await owner.edit(rng, one);
    else if (what < 0.35) await owner.photograph(rng, one);
    else if (what < 0.38) await owner.another();
    else if (what < 0.42) link.hangUp();
    else if (what < 0.47) link.repeat();
    else if (what < 0.5 && !running.has(one)) await one.phone.do("restart");
    else if (!running.has(one)) {
      const run = one.phone.do("run", { pull: rng() < 0.6 }).finally(() => running.delete(one));
      running.set(one, run);
      if (rng() < 0.5) await run; // else the person goes on while it sends
    }
  }
  await Promise.all(running.values());
  link.rough = false;
  link.hangUp(); // connections that a fuse is drawn for already
  const cuts = link.cuts - cutsBefore + 2 + (restartAt >= 0 ? 1 : 0);
  for (const owner of owners) {
    await owner.settled();
    await owner.verify(cuts + steps);
  }
  return { edits: owners[0].edits + owners[1].edits, cuts: link.cuts - cutsBefore };
}

const link = new Link(Number(new URL(server).port), generator(Number(seed)));
const phones = [];
const origin = await link.listen();
for (let number = 0; number < 3; number++) phones.push(new Phone(origin));
const until = Date.now() + Number(seconds) * 1000;
let played = 0;
const sums = { edits: 0, cuts: 0 };
for (; played < Number(count) && Date.now() < until; played++) {
  const own = Number(seed) + played;
  link.rng = generator(own ^ 0x5eed);
  try {
    const { edits, cuts } = await schedule(phones, link, generator(own));
    sums.edits += edits;
    sums.cuts += cuts;
  } catch (error) {
    console.error(`SEED=${own}: ${error.stack}`);
    process.exit(1);
  }
}
process.stdout.write(`${JSON.stringify({ played, ...sums, repeats: link.repeats })}\n`);
process.exit(0);
