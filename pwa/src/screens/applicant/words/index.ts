import { catalogue } from "../../../i18n/index.ts";
import { vi } from "./vi.ts";

export type WordKey = keyof typeof vi;

/** Words of the applicant's pages; they load with the first of those pages. */
export const w = catalogue<WordKey>(vi, () => import("./en.ts"));
