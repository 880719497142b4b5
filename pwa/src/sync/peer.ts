/**
 * The device's side of replication: grants, then texts, then photo parts, then what the server
 * says. It needs no open vault, and a run that is cut anywhere is simply run again.
 */
import { refreshIntakeKeys } from "../seal/intake.ts";
import { fromBase64url, randomId, sha256 } from "../store/bytes.ts";
import { meta, setMeta } from "../store/db.ts";
import type { DocRow, GrantRecord } from "../store/records.ts";
import {
  Busy,
  NoDatabase,
  problemOf,
  stopUnlessUsable,
  Unauthorized,
  Unreachable,
} from "./answers.ts";
import { bringParts, bringTexts, takeDocument } from "./arriving.ts";
import { type Change, type Outcome, Remote } from "./remote.ts";
import * as store from "./store.ts";

/** Photo parts under way at the same time: what a cut may cost. */
const IN_FLIGHT = 2;

export interface RunReport {
  outcome: "done" | "unreachable" | "busy" | "sign_in";
  /** Seconds the server asked to wait, with `busy`. */
  after: number;
  pending: number;
}

interface Checkpoint {
  since: string;
  /** Drawn with the first checkpoint: a server that does not know it has lost this database. */
  epoch: string;
}

export class Peer {
  /** Owners whose server checkpoint was compared since this process began. */
  private readonly compared = new Set<string>();

  constructor(private readonly send: typeof fetch = (...request) => fetch(...request)) {}

  /** pull: also ask for news; without it an edit costs one request. Never rejects for the network. */
  async run({ pull }: { pull: boolean }): Promise<RunReport> {
    let report: Omit<RunReport, "pending"> = { outcome: "done", after: 0 };
    if (pull) {
      await refreshIntakeKeys(this.send).catch(ignoreNetwork);
      await store.expireClosed();
    }
    for (const grant of await store.grants()) {
      if (!pull && !(await pendingOf(grant.owner))) continue;
      try {
        if (!(await this.runOwner(grant, pull)) && report.outcome === "done")
          report = { outcome: "sign_in", after: 0 };
      } catch (error) {
        report = verdict(error);
        break;
      }
    }
    let pending = 0;
    for (const { owner } of await store.grants()) pending += await pendingOf(owner);
    return { ...report, pending };
  }

  /** False when the grant is not (or no longer) good. */
  private async runOwner(grant: GrantRecord, pull: boolean, again = true): Promise<boolean> {
    // What was revoked may be marked as lost afterwards: the next contact still has to wipe.
    if (grant.state === "refused" && !(pull && grant.reason === "grant_revoked")) return false;
    const remote = new Remote(this.send, grant.owner, grant.secret);
    try {
      if (grant.state === "made" && !(await this.post(grant))) return false;
      if (grant.state !== "ready") {
        await remote.createDatabase();
        await store.setGrant(grant, "ready");
      }
      await this.push(remote, grant.owner);
      if (pull) await this.pull(remote, grant);
      return true;
    } catch (error) {
      if (error instanceof NoDatabase && again)
        return this.runOwner({ ...grant, state: "posted" }, pull, false);
      if (error instanceof Unauthorized) return this.lost(grant, error.reason, pull, again);
      throw error;
    }
  }

  /** The server may never have seen the grant (its data is new): then it takes it once more. */
  private async lost(
    grant: GrantRecord,
    reason: string,
    pull: boolean,
    again: boolean,
  ): Promise<boolean> {
    if (reason === "device_lost") {
      await store.wipeOwner(grant.owner);
      return true;
    }
    if (reason === "grant_unknown" && again)
      return this.runOwner({ ...grant, state: "made" }, pull, false);
    await store.setGrant(grant, "refused", reason);
    return false;
  }

  /** Makes the grant known. False: the owner is known there, so its account must sign in. */
  private async post({ owner, device, secret, ...rest }: GrantRecord): Promise<boolean> {
    const hash = await sha256(fromBase64url(secret));
    let response: Response;
    try {
      response = await this.send("/api/grants", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ owner, device, hash }),
        credentials: "omit",
        signal: AbortSignal.timeout(30_000),
      });
    } catch (cause) {
      throw new Unreachable("no answer", { cause });
    }
    await stopUnlessUsable(response);
    const grant = { owner, device, secret, ...rest };
    if (response.ok) {
      await store.setGrant(grant, "posted");
      return true;
    }
    const { code, reason } = await problemOf(response);
    await store.setGrant(grant, "refused", code ?? reason ?? `http_${response.status}`);
    return false;
  }

  private async push(remote: Remote, owner: string): Promise<void> {
    const due = await store.dueTexts(owner);
    const texts = due.length > 0 ? await store.markAttempted(due) : [];
    if (texts.length > 0) {
      const [only, ...others] = texts;
      if (only && others.length === 0) await settle(only, await remote.put(only));
      else await settleAll(texts, await remote.putAll(texts));
    }
    await this.pushChunks(remote, owner);
  }

  /** A lane takes the next part when its last is durable; one failing stops the other after its part. */
  private async pushChunks(remote: Remote, owner: string): Promise<void> {
    const ids = staggered(await store.dueChunks(owner));
    let stopped = false;
    const lane = async (): Promise<void> => {
      let settled = Promise.resolve();
      for (let id = ids.shift(); id && !stopped; id = ids.shift()) {
        try {
          const part = await store.chunk(owner, id);
          const outcome = part && (await remote.putWithAttachment(part.row, part.bytes));
          await settled;
          if (!outcome) continue;
          // The device notes it while the next part is under way; a crash here resends a no-op.
          settled = settle(part.row, outcome);
          settled.catch(() => undefined); // awaited before this lane's next note, or at its end
        } catch (error) {
          stopped = true;
          await settled;
          throw error;
        }
      }
      await settled;
    };
    const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, lane));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  private async pull(remote: Remote, grant: GrantRecord): Promise<void> {
    const name = `checkpoint:${grant.owner}`;
    let mark = await meta<Checkpoint>(name);
    if (!this.compared.has(grant.owner)) {
      mark = await this.compare(remote, grant, mark);
      this.compared.add(grant.owner);
    }
    let { since, epoch } = mark ?? { since: "0", epoch: randomId() };
    for (;;) {
      const page = await remote.changes(since);
      await this.take(remote, grant, page.results);
      since = String(page.last_seq);
      await setMeta(name, { since, epoch } satisfies Checkpoint);
      if (page.results.length < 200) break;
    }
    await bringTexts(remote, grant);
    await bringParts(remote, grant.owner);
    // What was missing when the status was written may have arrived since: the server is asked.
    await this.sendLost(remote, grant.owner, await store.doubtful(grant.owner));
  }

  /**
   * Compares the local epoch with the server's copy. Another one, or none where there should be
   * one, means that the server's database is older than this device's knowledge of it.
   */
  private async compare(
    remote: Remote,
    { owner, device, joined }: GrantRecord,
    mark: Checkpoint | undefined,
  ): Promise<Checkpoint> {
    // What a joined database holds of open dossiers is fetched by their names.
    const fresh: Checkpoint = { since: joined && !mark ? "now" : "0", epoch: randomId() };
    let rev: string | undefined;
    if (mark) {
      const theirs = await remote.checkpoint(device);
      if (theirs?.epoch === mark.epoch) return mark;
      rev = theirs?._rev;
      const rows = await store.allRevisions(owner);
      await this.sendLost(
        remote,
        owner,
        rows.filter((row) => row.acknowledged === row.rev),
      );
    }
    await setMeta(`checkpoint:${owner}`, fresh);
    const value = { ...(rev ? { _rev: rev } : {}), epoch: fresh.epoch };
    await remote.writeCheckpoint(device, value);
    return fresh;
  }

  /** Sends again what this device believed to be at the server and is not. */
  private async sendLost(remote: Remote, owner: string, rows: readonly DocRow[]): Promise<void> {
    if (rows.length === 0) return;
    const revisions = Object.fromEntries(rows.map((row) => [row.id, [row.rev]]));
    const lacking = await remote.lacking(revisions);
    await store.markDue(owner, lacking);
    if (lacking.size > 0) await this.push(remote, owner);
  }

  private async take(
    remote: Remote,
    { owner, device }: GrantRecord,
    changes: readonly Change[],
  ): Promise<void> {
    const wanted = changes.flatMap(({ id, deleted, changes: [leaf] }) => {
      const mine = id.startsWith("draft:") && id.endsWith(`:${device}`);
      const pulled = id.startsWith("status:") || (id.startsWith("draft:") && !mine);
      return pulled && leaf && !deleted ? [{ id, rev: leaf.rev }] : [];
    });
    if (wanted.length === 0) return;
    for (const document of await remote.documents(wanted)) await takeDocument(owner, document);
  }

  /** Waits at the server for news of one owner. False after `seconds` without any. */
  async waitForNews(owner: string, seconds: number): Promise<boolean> {
    const grant = (await store.grants()).find((one) => one.owner === owner);
    const mark = await meta<Checkpoint>(`checkpoint:${owner}`);
    if (grant?.state !== "ready" || !mark) return false;
    return new Remote(this.send, owner, grant.secret).waitForChange(mark.since, seconds);
  }
}

async function pendingOf(owner: string): Promise<number> {
  return (await store.dueTexts(owner)).length + (await store.dueChunks(owner)).length;
}

/**
 * The first photo's last part goes second: it is short, so the two lanes do not wait for their
 * answers at the same time and the link is never idle.
 */
function staggered(ids: readonly string[]): string[] {
  const [first, ...rest] = ids;
  if (!first) return [];
  const photo = first.slice(0, first.lastIndexOf(":") + 1);
  const last = rest.filter((id) => id.startsWith(photo)).at(-1);
  return last ? [first, last, ...rest.filter((id) => id !== last)] : [...ids];
}

async function settle(row: DocRow, outcome: Outcome): Promise<void> {
  if (outcome.stored) await store.markStored(row);
  else await store.markRefused(row, outcome.reason);
}

async function settleAll(rows: readonly DocRow[], outcomes: Map<string, Outcome>): Promise<void> {
  for (const row of rows) await settle(row, outcomes.get(row.id) ?? { stored: true });
}

function verdict(error: unknown): Omit<RunReport, "pending"> {
  if (error instanceof Busy) return { outcome: "busy", after: error.after };
  if (error instanceof Unreachable || error instanceof NoDatabase)
    return { outcome: "unreachable", after: 0 };
  throw error;
}

/** Keys are refreshed when there is a network; a run without them still sends. */
function ignoreNetwork(error: unknown): void {
  if (error instanceof TypeError) return;
  console.warn("intake keys were not refreshed", error);
}
