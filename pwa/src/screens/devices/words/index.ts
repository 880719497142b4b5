import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type DeviceKey = keyof typeof vi;

/** Words of the page with the person's own devices. */
export const m = catalogue<DeviceKey>(vi, () => import("./en.ts"));
