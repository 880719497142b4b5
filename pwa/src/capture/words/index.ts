import { catalogue } from "../../i18n/index.ts";
import { vi } from "./vi.ts";

export type Key = keyof typeof vi;

export const t = catalogue<Key>(vi, () => import("./en.ts"));
