/**
 * A server for the peer's tests: CouchDB's answers from memory, with faults put in before or after
 * a request takes effect. The journeys run over the real one.
 */
import { gunzipSync } from "node:zlib";
import { hex } from "../store/bytes.ts";

interface Stored {
  rev: string;
  seq: number;
  body: Record<string, unknown>;
  bytes?: Uint8Array;
}

export interface Seen {
  method: string;
  path: string;
  size: number;
}

/** drop: never arrives · cut: takes effect, the answer is lost · a Response: answered so. */
export type Fault = (seen: Seen) => "drop" | "cut" | Response | undefined;

export const problem = (status: number, body: object, headers: HeadersInit = {}): Response =>
  new Response(JSON.stringify(body), { status, headers });

export class FakeServer {
  readonly docs = new Map<string, Stored>();
  readonly local = new Map<string, Record<string, unknown>>();
  readonly seen: Seen[] = [];
  /** Ids (or their beginnings) that the gate refuses, with the reason. */
  readonly forbidden = new Map<string, string>();
  grants = new Set<string>();
  /** Answers to a claim, given its body. */
  claims: (body: Record<string, unknown>) => Promise<Response> | Response = () =>
    problem(404, { code: "claim_unknown" });
  fault: Fault = () => undefined;
  private seq = 0;
  private exists = false;

  constructor(private readonly keys: object[]) {}

  /** Everything is lost, as after restoring an old backup. */
  forget(): void {
    this.docs.clear();
    this.local.clear();
    this.grants.clear();
    this.exists = false;
    this.seq = 0;
  }

  /** What the server itself writes. */
  publish(id: string, body: Record<string, unknown>): void {
    const generation = Number.parseInt(this.docs.get(id)?.rev ?? "0", 10) + 1;
    this.docs.set(id, { rev: `${generation}-${"a".repeat(32)}`, seq: ++this.seq, body });
  }

  paths(method: string): string[] {
    return this.seen.filter((one) => one.method === method).map(({ path }) => path);
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    const url = new URL(String(input), "http://server");
    const body = bytesOf(init.body);
    const request = { method: init.method ?? "GET", path: url.pathname, size: body.length };
    this.seen.push(request);
    const fault = this.fault(request);
    if (fault === "drop") throw new TypeError("network");
    if (fault instanceof Response) return fault;
    const headers = new Headers(init.headers);
    const plain = headers.get("content-encoding") === "gzip" ? gunzipSync(body) : body;
    const answer = await this.answer(request.method, url, plain, headers);
    if (fault === "cut") throw new TypeError("network");
    return answer;
  };

  private async answer(
    method: string,
    url: URL,
    body: Uint8Array,
    headers: Headers,
  ): Promise<Response> {
    const json = (): Record<string, unknown> => JSON.parse(new TextDecoder().decode(body));
    if (url.pathname === "/api/keys") return problem(200, { keys: this.keys });
    if (url.pathname === "/api/grants") {
      this.grants.add(String(json().hash));
      return problem(201, {});
    }
    if (url.pathname === "/api/claims") return this.claims(json());
    const secret = (headers.get("authorization") ?? "").replace("Bearer ", "");
    const raw = Uint8Array.from(atob(secret.replaceAll("-", "+").replaceAll("_", "/")), (c) =>
      c.charCodeAt(0),
    );
    const hash = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", raw)));
    if (!this.grants.has(hash))
      return problem(401, { error: "unauthorized", reason: "grant_unknown" });
    const [, , , name = "", extra] = url.pathname.split("/").map(decodeURIComponent);
    if (name === "") {
      const status = this.exists ? 412 : 201;
      this.exists = true;
      return problem(status, {});
    }
    if (!this.exists) return problem(404, { error: "not_found", reason: "no_db_file" });
    if (name === "_local") return this.checkpoint(method, extra ?? "", body);
    if (name === "_changes") return this.changes(url);
    if (name === "_all_docs") return this.range(url);
    if (method === "GET" && extra === "c") {
      const bytes = this.docs.get(name)?.bytes;
      return bytes
        ? new Response(new Uint8Array(bytes))
        : problem(404, { error: "not_found", reason: "missing" });
    }
    if (name === "_revs_diff") {
      const asked = Object.entries(json() as Record<string, string[]>);
      const lacking = asked.filter(([id, [rev]]) => this.docs.get(id)?.rev !== rev);
      return problem(200, Object.fromEntries(lacking.map(([id, missing]) => [id, { missing }])));
    }
    if (name === "_bulk_docs") {
      const docs = json().docs as Record<string, unknown>[];
      return problem(
        201,
        docs.flatMap((doc) => this.store(doc) ?? []),
      );
    }
    if (name === "_bulk_get") {
      const asked = json().docs as { id: string }[];
      const results = asked.map(({ id }) => {
        const found = this.docs.get(id);
        return { id, docs: [{ ok: { _id: id, _rev: found?.rev, ...found?.body } }] };
      });
      return problem(200, { results });
    }
    return this.put(name, body, headers);
  }

  private put(id: string, body: Uint8Array, headers: Headers): Response {
    const boundary = /boundary="([^"]+)"/.exec(headers.get("content-type") ?? "")?.[1];
    const text = new TextDecoder("latin1").decode(body);
    let document = new TextDecoder().decode(body);
    let bytes: Uint8Array | undefined;
    if (boundary) {
      const [, first = "", second = ""] = text.split(`--${boundary}`);
      document = first.slice(first.indexOf("\r\n\r\n") + 4);
      const attachment = second.slice(second.indexOf("\r\n\r\n") + 4, -2);
      bytes = Uint8Array.from(attachment, (char) => char.charCodeAt(0));
    }
    const given = JSON.parse(document) as Record<string, unknown>;
    const refused = this.store({ _id: id, ...given }, bytes);
    return refused ? problem(403, refused) : problem(201, { ok: true });
  }

  private store(document: Record<string, unknown>, bytes?: Uint8Array): object | null {
    const { _id, _rev, _revisions, _attachments, ...body } = document;
    const id = String(_id);
    for (const [start, reason] of this.forbidden)
      if (id.startsWith(start)) return { id, error: "forbidden", reason };
    const { start, ids } = (_revisions ?? {}) as { start?: number; ids?: string[] };
    const rev = ids ? `${start}-${ids[0]}` : String(_rev);
    if (this.docs.get(id)?.rev !== rev)
      this.docs.set(id, { rev, seq: ++this.seq, body, ...(bytes ? { bytes } : {}) });
    return null;
  }

  private checkpoint(method: string, id: string, body: Uint8Array): Response {
    if (method === "PUT") {
      this.local.set(id, JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>);
      return problem(201, { ok: true });
    }
    const found = this.local.get(id);
    return found ? problem(200, { _rev: "0-1", ...found }) : problem(404, { error: "not_found" });
  }

  private range(url: URL): Response {
    const [start, end] = ["startkey", "endkey"].map((name) =>
      String(JSON.parse(url.searchParams.get(name) ?? '""')),
    );
    const rows = [...this.docs]
      .filter(([id]) => id >= (start ?? "") && id <= (end ?? ""))
      .map(([id, { rev, body }]) => ({ id, doc: { _id: id, _rev: rev, ...body } }));
    return problem(200, { rows });
  }

  private changes(url: URL): Response {
    const since = Number(url.searchParams.get("since"));
    const rows = [...this.docs]
      .filter(([id, { seq }]) => seq > since && /^(?:status|draft):/.test(id))
      .map(([id, { rev, seq }]) => ({ id, seq: String(seq), changes: [{ rev }] }));
    return problem(200, { results: rows, last_seq: String(this.seq) });
  }
}

function bytesOf(body: BodyInit | null | undefined): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array();
}
