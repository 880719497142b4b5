import type { OpeningsKey } from "./index.ts";

export const en: Readonly<Record<OpeningsKey, string>> = {
  text: "Every time somebody opens the dossier it is written down. Here are role and time, no names.",
  none: "Nobody has opened this dossier yet.",
  system: "The server opened it {times} times to check, forward and report. Last at {at}.",
  times: "{times} times",
  loading: "Asking the server…",
  "sign_in.text": "Only the applicant can see this. Sign in with the applicant's account.",
  "sign_in.button": "Sign in",
  "export.text": "Everything that was declared and the photos, in one ZIP file. Needs the passkey.",
  "export.button": "Download my data",
  "export.done": "It is on this device now. The file is private: keep it carefully.",

  "role.officer": "Officer",
  "role.clerk": "Postal clerk",
  "role.applicant": "Applicant",
  "role.admin": "Administrator",
  "role.server": "The server",

  "purpose.desk": "looked at it to decide",
  "purpose.photo": "looked at photos",
  "purpose.decision": "wrote a decision",
  "purpose.pack": "exported it for another office",
  "purpose.claim": "gave it back to the applicant",
  "purpose.recover": "found it again after a lost phone",
  "purpose.export": "downloaded their own data",
  "purpose.paper": "downloaded a paper of the dossier",
  "purpose.draft_photos": "read the photos before sending, as was ticked",
  "purpose.other": "something else",
};
