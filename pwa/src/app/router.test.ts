import { describe, expect, it } from "vitest";
import { match, type Route } from "./router.ts";

const routes: Route[] = [
  { path: "/", tag: "x-home" },
  { path: "/to-khai/moi", tag: "x-start" },
  { path: "/to-khai/:dossier/:step", tag: "x-step" },
];

describe("match", () => {
  it("finds pages, their parameters and the query", () => {
    expect(match(routes, "/")?.route.tag).toBe("x-home");
    expect(match(routes, "/to-khai/moi/")?.route.tag).toBe("x-start");
    const place = match(routes, "/to-khai/ab12/noi-o", "?sua=1");
    expect(place?.params).toEqual({ dossier: "ab12", step: "noi-o" });
    expect(place?.query.get("sua")).toBe("1");
  });

  it("knows no page for anything else, and bears a stray percent sign", () => {
    expect(match(routes, "/khac")).toBeNull();
    expect(match(routes, "/to-khai/%/noi-o")?.params.dossier).toBe("%");
  });
});
