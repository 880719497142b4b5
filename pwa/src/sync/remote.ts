/** One owner's database at the server: the few requests of CouchDB's protocol that a phone makes. */
import { type Bytes, base64url, concat, random, utf8 } from "../store/bytes.ts";
import type { DocRow } from "../store/records.ts";
import { wireDocument } from "../store/revisions.ts";
import { NoDatabase, problemOf, stopUnlessUsable, Unreachable } from "./answers.ts";
import { hearClock } from "./state.ts";

/** Longer than a full chunk takes at 8 kbps. */
const PATIENCE = 60_000;

/** Refused for good, with the gate's stable reason, or stored. */
export type Outcome = { stored: true } | { stored: false; reason: string };

export interface Change {
  id: string;
  deleted?: boolean;
  changes: { rev: string }[];
}

export class Remote {
  private readonly base: string;
  constructor(
    private readonly send: typeof fetch,
    owner: string,
    private readonly secret: string,
  ) {
    this.base = `/db/drafts-${owner}`;
  }

  private async ask(
    path: string,
    init: RequestInit & { patience?: number } = {},
  ): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${this.secret}`);
    const signal = AbortSignal.timeout(init.patience ?? PATIENCE);
    // Only what is read could come from a cache; elsewhere the mode costs two more headers.
    const cache = init.method ? "default" : "no-store";
    const options = { ...init, headers, signal, credentials: "omit", cache } as const;
    let response: Response;
    try {
      response = await this.send(`${this.base}${path}`, options);
    } catch (cause) {
      throw new Unreachable("no answer", { cause });
    }
    hearClock(response.headers.get("date"));
    await stopUnlessUsable(response);
    return response;
  }

  private async json<T>(path: string, init: RequestInit & { patience?: number } = {}): Promise<T> {
    const response = await this.ask(path, init);
    if (response.status === 404) throw new NoDatabase();
    if (!response.ok) throw new Unreachable(`${init.method ?? "GET"} ${path}: ${response.status}`);
    try {
      return (await response.json()) as T;
    } catch (cause) {
      throw new Unreachable("the answer was cut", { cause });
    }
  }

  private async post<T>(path: string, body: unknown): Promise<T> {
    const { headers, ...rest } = await packed(body);
    const typed = { ...headers, "content-type": "application/json" };
    return this.json<T>(path, { method: "POST", headers: typed, ...rest });
  }

  /** 201 and 412 (it exists) both do. */
  async createDatabase(): Promise<void> {
    const response = await this.ask("", { method: "PUT" });
    if (!response.ok && response.status !== 412) throw new Unreachable(`PUT: ${response.status}`);
  }

  /** One document in one small request. CouchDB takes a body without a type as JSON here. */
  async put(row: DocRow): Promise<Outcome> {
    const { _id, ...document } = wireDocument(row);
    const init = { method: "PUT", ...(await packed(document)) };
    return this.outcome(await this.ask(`/${path(row.id)}?new_edits=false`, init));
  }

  /**
   * A chunk as CouchDB's replicator sends an attachment: multipart/related (RFC 2387). The stub
   * says type and length, so the part needs no headers of its own.
   */
  async putWithAttachment(row: DocRow, bytes: Bytes): Promise<Outcome> {
    const boundary = base64url(random(9));
    const stub = { follows: true, content_type: "application/octet-stream", length: bytes.length };
    const { _id, ...document } = wireDocument(row);
    const text = JSON.stringify({ ...document, _attachments: { c: stub } });
    const body = concat(
      utf8(`--${boundary}\r\ncontent-type: application/json\r\n\r\n${text}\r\n`),
      utf8(`--${boundary}\r\n\r\n`),
      bytes,
      utf8(`\r\n--${boundary}--`),
    );
    const headers = { "content-type": `multipart/related; boundary="${boundary}"` };
    return this.outcome(
      await this.ask(`/${path(row.id)}?new_edits=false`, { method: "PUT", headers, body }),
    );
  }

  private async outcome(response: Response): Promise<Outcome> {
    if (response.ok) {
      // Read to its end, so that the connection is used again; the status alone says it is durable.
      await response.arrayBuffer().catch(() => undefined);
      return { stored: true };
    }
    const problem = await problemOf(response);
    if (response.status === 404) throw new NoDatabase();
    return { stored: false, reason: reasonOf(problem, response.status) };
  }

  /** Several documents in one request; answers come per document. */
  async putAll(rows: readonly DocRow[]): Promise<Map<string, Outcome>> {
    const docs = rows.map(wireDocument);
    const answers = await this.post<{ id?: string; error?: string; reason?: string }[]>(
      "/_bulk_docs",
      {
        new_edits: false,
        docs,
      },
    );
    const outcomes = new Map<string, Outcome>(rows.map((row) => [row.id, { stored: true }]));
    for (const { id, error, reason } of answers)
      if (id && error)
        outcomes.set(id, { stored: false, reason: reasonOf({ error, reason }, 403) });
    return outcomes;
  }

  /** Ids whose given revision the server lacks. */
  async lacking(revisions: Record<string, string[]>): Promise<Set<string>> {
    return new Set(Object.keys(await this.post<object>("/_revs_diff", revisions)));
  }

  async changes(since: string): Promise<{ results: Change[]; last_seq: string; pending?: number }> {
    return this.json(`/_changes?limit=200&since=${encodeURIComponent(since)}`);
  }

  /** Resolves when something changed after `since`, or after about a minute. */
  async waitForChange(since: string, seconds: number): Promise<boolean> {
    const query = `feed=longpoll&timeout=${seconds * 1000}&since=${encodeURIComponent(since)}`;
    const patience = (seconds + 20) * 1000;
    const answer = await this.json<{ results: Change[] }>(`/_changes?${query}`, { patience });
    return answer.results.length > 0;
  }

  async documents(
    wanted: readonly { id: string; rev: string }[],
  ): Promise<Record<string, unknown>[]> {
    interface Answer {
      results: { docs: { ok?: Record<string, unknown> }[] }[];
    }
    const { results } = await this.post<Answer>("/_bulk_get", { docs: wanted });
    return results.flatMap(({ docs }) => docs.flatMap(({ ok }) => (ok ? [ok] : [])));
  }

  /** Documents whose id begins so, without their attachments. */
  async under(start: string): Promise<Record<string, unknown>[]> {
    const range = new URLSearchParams({
      include_docs: "true",
      startkey: JSON.stringify(start),
      endkey: JSON.stringify(`${start}\uffff`),
    });
    const { rows } = await this.json<{ rows: { doc?: Record<string, unknown> | null }[] }>(
      `/_all_docs?${range}`,
    );
    return rows.flatMap(({ doc }) => (doc ? [doc] : []));
  }

  /** A chunk's bytes; null when the server does not have it (any more). */
  async attachment(id: string): Promise<Bytes | null> {
    const response = await this.ask(`/${path(id)}/c`);
    if (response.status === 404) return null;
    if (!response.ok) throw new Unreachable(`${id}: ${response.status}`);
    try {
      return new Uint8Array(await response.arrayBuffer());
    } catch (cause) {
      throw new Unreachable("the answer was cut", { cause });
    }
  }

  async checkpoint(device: string): Promise<{ _rev?: string; epoch?: string } | null> {
    const response = await this.ask(`/_local/${device}`);
    if (response.status === 404) return null;
    if (!response.ok) throw new Unreachable(`_local: ${response.status}`);
    return (await response.json()) as { _rev?: string; epoch?: string };
  }

  async writeCheckpoint(device: string, value: Record<string, unknown>): Promise<void> {
    const headers = { "content-type": "application/json" };
    const response = await this.ask(`/_local/${device}`, {
      method: "PUT",
      headers,
      body: JSON.stringify(value),
    });
    if (!response.ok && response.status !== 409)
      throw new Unreachable(`_local: ${response.status}`);
  }
}

/** A JSON body, gzip where that makes it smaller: sealed parts are base64, a quarter of it air. */
async function packed(value: unknown): Promise<{ headers: Record<string, string>; body: Bytes }> {
  const plain = utf8(JSON.stringify(value));
  if (plain.length < 256) return { headers: {}, body: plain };
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("gzip"));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  return { headers: { "content-encoding": "gzip" }, body };
}

const path = (id: string): string => encodeURIComponent(id).replaceAll("%3A", ":");

const reasonOf = (
  { error, reason, code }: { error?: string; reason?: string; code?: string },
  status: number,
): string =>
  code ??
  (error === "forbidden" ? reason : undefined) ??
  (status === 413 || error?.endsWith("too_large") ? "too_large" : (reason ?? error ?? "bad_shape"));
