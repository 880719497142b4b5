import { afterEach, expect, it, vi } from "vitest";
import { Filing } from "./filing.ts";

const item = (dossier: string) => ({ dossier, state: "forwarded" });
const answers: Record<string, unknown> = {};

function serve(paths: Record<string, unknown>): void {
  Object.assign(answers, paths);
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    const path = String(input instanceof Request ? input.url : input).replace(/^.*\/api/, "");
    const body = answers[path];
    return new Response(
      JSON.stringify(body ?? { code: "not_found", message: { vi: "", en: "" } }),
      {
        status: body ? 200 : 404,
        headers: { "content-type": "application/json" },
      },
    );
  });
}

afterEach(() => vi.unstubAllGlobals());

it("takes a decided dossier out of the queue until it is put back", async () => {
  serve({
    "/desk/queue?state=forwarded": {
      items: [item("a"), item("b")],
      counts: { forwarded: 2 },
      cursor: null,
    },
    "/desk/dossiers/a": item("a"),
  });
  const filing = new Filing(() => undefined);
  await filing.begin("a");
  expect(filing.dossier).toEqual(item("a"));
  expect(filing.neighbour(1)).toBe("b");
  filing.take("a");
  expect(filing.queue?.counts).toEqual({ forwarded: 1 });
  await filing.refresh();
  expect(filing.queue?.items).toEqual([item("b")]);
  expect(filing.queue?.counts).toEqual({ forwarded: 1 });
  filing.putBack("a");
  await filing.refresh();
  expect(filing.queue?.items).toHaveLength(2);
  filing.close();
  expect([filing.queue, filing.dossier, filing.chosen]).toEqual([null, null, null]);
});

it("reads the next page behind the first, each dossier once", async () => {
  serve({
    "/desk/queue?state=forwarded": { items: [item("a")], counts: {}, cursor: "c" },
    "/desk/queue?state=forwarded&cursor=c": {
      items: [item("a"), item("b")],
      counts: {},
      cursor: null,
    },
  });
  const filing = new Filing(() => undefined);
  await filing.refresh();
  await filing.more();
  expect(filing.queue?.items).toEqual([item("a"), item("b")]);
  expect(filing.queue?.cursor).toBeNull();
});

it("shows a dossier again that comes back corrected the same day", async () => {
  serve({
    "/desk/queue?state=forwarded": { items: [item("a")], counts: { forwarded: 1 }, cursor: null },
  });
  const filing = new Filing(() => undefined);
  await filing.refresh();
  filing.take("a", Date.now() - 120_000);
  await filing.refresh();
  expect(filing.queue?.items).toEqual([item("a")]);
});

it("looks again until what was asked for has happened", async () => {
  const waiting = { ...item("a"), version: 1, wait: { what: "certificate" } };
  serve({
    "/desk/queue?state=forwarded": { items: [], counts: {}, cursor: null },
    "/desk/dossiers/a": waiting,
  });
  const filing = new Filing(() => undefined);
  await filing.begin("a");
  const looked = filing.await("a", [1, 1, 1]);
  serve({ "/desk/dossiers/a": { ...waiting, version: 2, wait: null } });
  await looked;
  expect(filing.dossier?.version).toBe(2);
});
