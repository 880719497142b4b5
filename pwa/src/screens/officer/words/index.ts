import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type OfficerKey = keyof typeof vi;

/** Words of the officer's desk. */
export const o = catalogue<OfficerKey>(vi, () => import("./en.ts"));
