import type { IdentityKey } from "./index.ts";

export const en: Readonly<Record<IdentityKey, string>> = {
  title: "Prove who you are",
  text: "Link the account to your electronic identity, so that the office knows for sure whose dossier it is. Not required: you can fill in and send without it.",
  button: "Verify with VNeID",
  linked: "Verified with VNeID since {at}.",
  unlink: "Unlink",
  unlinked: "The link is gone.",
  finishing: "Finishing…",
  refused: "It was refused or cancelled. Nothing was linked.",
  over: "This attempt is too old, was used, or began in another browser. Begin again.",
  "sign_in.text": "Sign in with the applicant's account to go on.",
  "sign_in.button": "Sign in",
  off: "Verifying who you are is not offered here. Everything else works without it.",
};
