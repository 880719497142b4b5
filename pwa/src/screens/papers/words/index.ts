import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type PapersKey = keyof typeof vi;

/** Words of a dossier's papers. */
export const pp = catalogue<PapersKey>(vi, () => import("./en.ts"));
