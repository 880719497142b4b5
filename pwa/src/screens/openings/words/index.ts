import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type OpeningsKey = keyof typeof vi;

/** Words of who opened a dossier. */
export const q = catalogue<OpeningsKey>(vi, () => import("./en.ts"));
