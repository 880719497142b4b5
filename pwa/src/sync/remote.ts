/** One owner's database at the server: the few requests of CouchDB's protocol that a phone makes. */
import { type Bytes, base64url, concat, random, utf8 } from "../store/bytes.ts";
import type { DocRow } from "../store/records.ts";
import { wireDocument } from "../store/revisions.ts";
import { NoDatabase, problemOf, stopUnlessUsable, Unreachable } from "./answers.ts";

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
    const options = { ...init, headers, signal, credentials: "omit", cache: "no-store" } as const;
    let response: Response;
    try {
      response = await this.send(`${this.base}${path}`, options);
    } catch (cause) {
      throw new Unreachable("no answer", { cause });
    }
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

  private post<T>(path: string, body: unknown): Promise<T> {
    const headers = { "content-type": "application/json" };
    return this.json<T>(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** 201 and 412 (it exists) both do. */
  async createDatabase(): Promise<void> {
    const response = await this.ask("", { method: "PUT" });
    if (!response.ok && response.status !== 412) throw new Unreachable(`PUT: ${response.status}`);
  }

  /** One document in one small request. */
  async put(row: DocRow): Promise<Outcome> {
    const body = JSON.stringify(wireDocument(row));
    const headers = { "content-type": "application/json" };
    return this.outcome(
      await this.ask(`/${path(row.id)}?new_edits=false`, { method: "PUT", headers, body }),
    );
  }

  /** A chunk as CouchDB's replicator sends an attachment: multipart/related (RFC 2387). */
  async putWithAttachment(row: DocRow, bytes: Bytes): Promise<Outcome> {
    const boundary = base64url(random(12));
    const stub = { follows: true, content_type: "application/octet-stream", length: bytes.length };
    const document = JSON.stringify({ ...wireDocument(row), _attachments: { c: stub } });
    const body = concat(
      utf8(
        `--${boundary}\r\ncontent-type: application/json\r\n\r\n${document}\r\n--${boundary}\r\n`,
      ),
      utf8(
        'content-disposition: attachment; filename="c"\r\ncontent-type: application/octet-stream\r\n',
      ),
      utf8(`content-length: ${bytes.length}\r\n\r\n`),
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
      await response.body?.cancel();
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

const path = (id: string): string => encodeURIComponent(id).replaceAll("%3A", ":");

const reasonOf = (
  { error, reason, code }: { error?: string; reason?: string; code?: string },
  status: number,
): string =>
  code ??
  (error === "forbidden" ? reason : undefined) ??
  (status === 413 ? "too_large" : (reason ?? error ?? "bad_shape"));
