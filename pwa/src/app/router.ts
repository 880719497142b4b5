import type { PageParams } from "./page.ts";

export interface Route {
  /** "/ho-so/:dossier": a part that starts with ":" takes any one segment. */
  readonly path: string;
  /** The custom element that draws the page. */
  readonly tag: string;
  /** Brings the element's code; undefined where it is part of the first load. */
  readonly load?: () => Promise<unknown>;
  /** The page shows what a vault holds, so one must be open. */
  readonly vault?: boolean;
}

export interface Place {
  readonly route: Route;
  readonly params: PageParams;
  readonly query: URLSearchParams;
}

/** The first route that fits, or null. A trailing slash does not matter. */
export function match(routes: readonly Route[], pathname: string, search = ""): Place | null {
  const given = pathname.split("/").filter(Boolean);
  for (const route of routes) {
    const params = paramsOf(route.path.split("/").filter(Boolean), given);
    if (params) return { route, params, query: new URLSearchParams(search) };
  }
  return null;
}

function paramsOf(wanted: readonly string[], given: readonly string[]): PageParams | null {
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const segment = given[i] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = decode(segment);
    else if (part !== segment) return null;
  }
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a stray % in a hand-typed address
  }
}

const listeners = new Set<() => void>();

/** Called whenever the address changed, by a link, by `navigate` or by the browser's buttons. */
export function onNavigate(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const tell = (): void => {
  for (const listener of listeners) listener();
};

/** Where an entry of the history was come to from: what the phone's back button would bring. */
type Entry = { from: string } | null;

export function navigate(to: string, how: { replace?: boolean } = {}): void {
  if (how.replace) history.replaceState(history.state, "", to);
  else history.pushState({ from: location.pathname + location.search } satisfies Entry, "", to);
  tell();
}

/** To a page that lies before this one: by the history where it is the last entry, so that the
 * phone's back button does not bring this page again. */
export function goBack(to: string): void {
  if ((history.state as Entry)?.from === to) history.back();
  else navigate(to);
}

/** Turns clicks on own links into navigation without a reload. Call once. */
export function startRouter(): void {
  window.addEventListener("popstate", tell);
  document.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || !plainClick(event) || !ownPage(link)) return;
    event.preventDefault();
    const to = link.pathname + link.search + link.hash;
    if (link.dataset.back !== undefined) goBack(to);
    else if (link.href !== location.href) navigate(to);
  });
}

const plainClick = (event: MouseEvent): boolean =>
  !event.defaultPrevented &&
  event.button === 0 &&
  !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);

const ownPage = (link: HTMLAnchorElement): boolean =>
  link.origin === location.origin &&
  !link.target &&
  !link.hasAttribute("download") &&
  !link.getAttribute("href")?.startsWith("#") &&
  !/^\/(api|db|sandbox|metrics|healthz|readyz)(\/|$)/.test(link.pathname);
