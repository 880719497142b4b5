import type { PapersKey } from "./index.ts";

export const en: Record<PapersKey, string> = {
  text: "The papers there are by now, as PDF, to be printed. They are in Vietnamese.",
  loading: "Asking the server…",
  "sign_in.text": "Papers name the applicant, so please sign in.",
  "sign_in.button": "Sign in",
};
