import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type ReadingKey = keyof typeof vi;

/** Words of photos that are read before sending. */
export const r = catalogue<ReadingKey>(vi, () => import("./en.ts"));
