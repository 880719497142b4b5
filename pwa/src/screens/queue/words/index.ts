import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type QueueKey = keyof typeof vi;

/** Words of the counters of a point and of the screen that calls. */
export const n = catalogue<QueueKey>(vi, () => import("./en.ts"));
