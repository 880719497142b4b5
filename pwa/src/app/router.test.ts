import { afterEach, describe, expect, it, vi } from "vitest";
import { goBack, match, navigate, type Route } from "./router.ts";

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

describe("going back", () => {
  const entries: { state: unknown; path: string }[] = [{ state: null, path: "/" }];
  const here = (): { state: unknown; path: string } => entries.at(-1) ?? { state: null, path: "/" };
  vi.stubGlobal("location", {
    get pathname() {
      return here().path;
    },
    search: "",
  });
  vi.stubGlobal("history", {
    get state() {
      return here().state;
    },
    pushState: (state: unknown, _: string, path: string) => entries.push({ state, path }),
    replaceState: (state: unknown, _: string, path: string) =>
      entries.splice(-1, 1, { state, path }),
    back: () => entries.pop(),
  });
  const paths = (): string[] => entries.map(({ path }) => path);
  afterEach(() => entries.splice(1));

  it("takes the history's own step where that is the page before", () => {
    navigate("/a");
    navigate("/b");
    goBack("/a");
    expect(paths()).toEqual(["/", "/a"]);
  });

  it("knows the page before also behind a redirection", () => {
    navigate("/a");
    navigate("/gate");
    navigate("/b", { replace: true });
    goBack("/a");
    expect(paths()).toEqual(["/", "/a"]);
  });

  it("goes there by a new step where another page was before", () => {
    navigate("/c");
    navigate("/b");
    goBack("/a");
    expect(paths()).toEqual(["/", "/c", "/b", "/a"]);
  });
});
