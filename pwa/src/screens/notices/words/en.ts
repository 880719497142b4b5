import type { NoticesKey } from "./index.ts";

export const en: Readonly<Record<NoticesKey, string>> = {
  loading: "Asking the server…",
  "sign_in.text":
    "This device has not sent anything of the dossier. Sign in with the applicant's account.",
  "sign_in.button": "Sign in",

  title: "Messages",
  text: "When there is news, you are told to open the app. A message holds the dossier code only. Nothing comes from {from} to {to}, and nothing unless you switch it on.",
  push: "On this device",
  sms: "SMS",
  zns: "Zalo",
  on: "On since {at}",
  turn_on: "Switch on",
  turn_off: "Switch off",
  elsewhere: "Also on for {count} other devices.",
  done: "Noted.",
  "push.unsupported":
    "This device cannot receive messages. Whenever the app is opened with a network, it tells you what is new.",
  "push.denied":
    "The browser blocks notifications of this site. To receive them, allow them in its settings. The app still tells you when it is opened.",
  "push.no_service":
    "The device could not reach its push service. Try again later; the app still tells you when it is opened.",

  "consents.title": "What you agreed to",
  "consents.none": "Nothing is on record yet.",
  "consents.given": "Agreed at {at}",
  "consents.helped": "Agreed at {at}, with a clerk's help",
  "consents.withdrawn": "Withdrawn at {at}",
  "consents.withdraw": "Withdraw",
  "consents.sure": "Withdraw this? It takes effect as soon as the server has it.",
  "consents.sure_ends": "The dossier stops with this, as if it were withdrawn. Withdraw it?",
  "consents.no": "No",
  "consents.asked": "Noted. The device sends it when there is a network.",
  "told.title": "Not asked",
  "kept.title": "How long things are kept",
};
