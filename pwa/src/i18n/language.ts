/**
 * The language in force and the catalogues of words.
 *
 * Vietnamese is compiled in and is the source of the keys; English is fetched when chosen. A part
 * of the app that loads lazily brings its own catalogue, so its words load with it.
 */
export type Language = "vi" | "en";
export type Params = Readonly<Record<string, string | number>>;
export type Translate<K extends string> = (key: K, params?: Params) => string;

const STORED = "doibang.language";
const reloads: (() => Promise<void>)[] = [];
const listeners = new Set<() => void>();
let inForce: Language = "vi";
let settled: Promise<unknown> = Promise.resolve();

export const language = (): Language => inForce;

/** Resolves when the words of every catalogue known so far are in the language in force. */
export const wordsReady = (): Promise<unknown> => settled;

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** @throws TypeError when the English words are not on this device and cannot be fetched */
export async function setLanguage(chosen: Language): Promise<void> {
  const before = inForce;
  inForce = chosen;
  try {
    settled = Promise.all(reloads.map((reload) => reload()));
    await settled;
  } catch (unreachable) {
    inForce = before;
    settled = Promise.resolve();
    throw unreachable;
  }
  document.documentElement.lang = chosen;
  localStorage.setItem(STORED, chosen);
  for (const listener of listeners) listener();
}

/** Takes up the language chosen on an earlier visit. */
export async function restoreLanguage(): Promise<void> {
  if (localStorage.getItem(STORED) !== "en") return;
  await setLanguage("en").catch(() => undefined); // offline and never fetched: Vietnamese stays
}

export function catalogue<K extends string>(
  vietnamese: Readonly<Record<K, string>>,
  english: () => Promise<{ en: Readonly<Record<K, string>> }>,
): Translate<K> {
  let words = vietnamese;
  const reload = async (): Promise<void> => {
    const wanted = inForce;
    const found = wanted === "en" ? (await english()).en : vietnamese;
    if (wanted === inForce) words = found;
  };
  reloads.push(reload);
  if (inForce === "en") settled = Promise.all([settled, reload().catch(() => undefined)]);
  return (key, params) => fill(words[key], params);
}

/** The text of a pair from a data file or a server's answer. */
export function inLanguage(pair: { vi: string; en: string }, params?: Params): string {
  return fill(pair[inForce], params);
}

export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
}
