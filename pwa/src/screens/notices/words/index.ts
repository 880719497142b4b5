import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type NoticesKey = keyof typeof vi;

/** Words of messages outside the app and of what was agreed to. */
export const n = catalogue<NoticesKey>(vi, () => import("./en.ts"));
