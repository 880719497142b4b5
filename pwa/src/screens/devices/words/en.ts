import type { DeviceKey } from "./index.ts";

export const en: Readonly<Record<DeviceKey, string>> = {
  title: "My devices",
  text: "The devices that use this account. Stop one that you no longer use; report one that is lost.",
  offline: "This page needs a network. When there is one, press Try again. Everything else works.",
  sign_in_text:
    "Sign in to see the account's devices. Use your fingerprint, face or screen lock; there is no password.",
  sign_in: "Sign in",
  none: "No device of this account has sent anything yet.",

  here: "This device",
  able: "May send",
  signIn: "Sign in to send",
  lost: "Reported lost",
  lost_text: "When this device has a network, all that it holds of this account is wiped.",
  since: "In use since {date}",
  seen: "Last in contact about {at}",

  revoke: "Stop sending",
  revoke_title: "Stop this device from sending?",
  revoke_1: "It has to sign in again before it can send.",
  revoke_2: "Everything written on it stays there. Nothing is lost.",
  revoke_3: "This cannot be undone from here. To send again, sign in on that device.",
  revoke_yes: "Stop sending",
  revoked: "It may no longer send: {name}.",

  lose: "Report as lost",
  lose_title: "Report this device as lost?",
  lose_1: "When it next has a network, every dossier of this account on it is wiped.",
  lose_2: "What it has not sent is gone for good. Dossiers that were sent go on.",
  lose_3: "This cannot be undone, not even when the device is found.",
  lose_yes: "Report and wipe",
  told_lost: "Reported as lost: {name}.",
  no: "No, leave it",

  gone_title: "This device was reported lost",
  gone_1:
    "The account's owner reported this device as lost. At {at} every dossier of that account on it was wiped.",
  gone_2:
    "Dossiers that were sent go on and can be followed by the code on the slip. A new one can be made here.",
  gone_ok: "Understood",

  name: "{browser} on {system}",
  "browser.chrome": "Chrome",
  "browser.edge": "Edge",
  "browser.firefox": "Firefox",
  "browser.safari": "Safari",
  "browser.samsung": "Samsung Internet",
  "browser.coccoc": "Cốc Cốc",
  "browser.opera": "Opera",
  "browser.zalo": "Zalo",
  "browser.other": "Another browser",
  "system.android": "an Android device",
  "system.iphone": "iPhone",
  "system.ipad": "iPad",
  "system.windows": "a Windows computer",
  "system.mac": "a Mac",
  "system.linux": "a Linux computer",
  "system.chromeos": "a Chromebook",
  "system.other": "a device of unknown kind",
};
