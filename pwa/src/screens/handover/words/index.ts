import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type HandOverKey = keyof typeof vi;

/** Words of handing a dossier over and taking it. */
export const h = catalogue<HandOverKey>(vi, () => import("./en.ts"));
