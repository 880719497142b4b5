import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type ClerkKey = keyof typeof vi;

/** Words of the clerk's tablet. */
export const c = catalogue<ClerkKey>(vi, () => import("./en.ts"));
