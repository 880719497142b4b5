import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type DoorKey = keyof typeof vi;

/** Words of signing in and joining. */
export const d = catalogue<DoorKey>(vi, () => import("./en.ts"));
