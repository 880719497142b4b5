import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type PaymentKey = keyof typeof vi;

/** Words of paying a fee. */
export const p = catalogue<PaymentKey>(vi, () => import("./en.ts"));
