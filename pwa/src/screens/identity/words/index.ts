import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type IdentityKey = keyof typeof vi;

/** Words of proving who one is at an identity provider. */
export const v = catalogue<IdentityKey>(vi, () => import("./en.ts"));
