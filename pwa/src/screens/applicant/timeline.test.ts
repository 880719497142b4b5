import { expect, it } from "vitest";
import type { StatusDetail } from "../../drafts/index.ts";
import { timeline } from "./timeline.ts";

const ACCEPTED = { state: "accepted", sent: 1, total: 1 } as const;
const STATES = ["received", "validated", "forwarded", "approved", "produced", "dispatched"];

/** The present stop's markup and all that is ahead, of a dossier that came through these states. */
function way(past: readonly string[], parcel: string | null): { now: string; ahead: string[] } {
  const state = past.at(-1) ?? "";
  const consignment = parcel && { number: null, state: parcel, point: null };
  const lines = past.map((each, i) => ({ state: each, at: `2026-11-0${i + 1}T02:00:00Z` }));
  const detail = { state, timeline: lines, wait: null, consignment } as unknown as StatusDetail;
  const [stops] = timeline("2026-11-01T01:00:00Z", ACCEPTED, detail).values as [
    { values: unknown[] }[],
  ];
  const said = stops.map(({ values }) => JSON.stringify(values));
  return {
    now: said.find((stop) => stop.includes('"present"')) ?? "",
    ahead: said.filter((stop) => stop.includes('"future"')),
  };
}

it.each(["failed", "returned"])("stands at the post when the card is %s", (parcel) => {
  const { now, ahead } = way([...STATES, "parked"], parcel);
  expect(now).toContain("Giao");
  expect(now).toContain("Chưa giao được");
  expect(now).not.toContain("cán bộ");
  expect(ahead).toHaveLength(1);
});

it("leaves what an officer looks at where it was", () => {
  expect(way(["received", "validated", "forwarded", "parked"], null).now).toContain("Thẩm định");
  const refused = way([...STATES.slice(0, 5), "parked"], null).now;
  expect(refused).toContain("In thẻ");
  expect(refused).toContain("Đang chờ cán bộ xem");
});

it("sends no card by post that is fetched", () => {
  const { now, ahead } = way(STATES.slice(0, 5), "pick_up");
  expect(now).toContain("Chờ nhận tại điểm");
  expect(ahead.join()).not.toContain("Giao");
  expect(way(STATES.slice(0, 5), null).ahead.join()).toContain("Giao");
});
