import { catalogue } from "./language.ts";
import { vi } from "./vi.ts";

export * from "./format.ts";
export {
  catalogue,
  fill,
  inLanguage,
  type Language,
  language,
  onLanguage,
  type Params,
  restoreLanguage,
  setLanguage,
  type Translate,
  wordsReady,
} from "./language.ts";

export type Key = keyof typeof vi;

/** The words that every part of the app may need. */
export const t = catalogue<Key>(vi, () => import("./en.ts"));
