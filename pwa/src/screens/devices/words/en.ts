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

  keys_title: "Passkeys",
  keys_one:
    "The account has one passkey. Add a second one on another phone or a security key, in case this one is lost.",
  keys_some: "The account has {n} passkeys. When one is lost, another still signs in.",
  keys_add: "Add a passkey",

  gone_title: "This device was reported lost",
  gone_1:
    "The account's owner reported this device as lost. At {at} every dossier of that account on it was wiped.",
  gone_2:
    "Dossiers that were sent go on and can be followed by the code on the slip. A new one can be made here.",
  gone_ok: "Understood",

  enter_title: "I have an account",
  enter_text:
    "Sign in with your fingerprint, face or screen lock. The account's open dossiers come to this device.",
  enter_own: "Only on your own device, not on a borrowed one.",
  enter_sign_in: "Sign in",
  enter_pin_text:
    "This device cannot lock dossiers with a fingerprint. Set a PIN to lock them here.",
  enter_pin: "New PIN (6 to 12 digits)",
  enter_again: "The PIN again",
  enter_words: "The new words. Write them down and keep them apart; they are shown once:",
  enter_noted: "I have written them down",
  enter_go: "Continue",
  enter_working: "Fetching dossiers from the server. Please keep this page open…",
  enter_done: "Done. Dossiers that came to this device: {n}.",
  enter_none: "Done. The account has no open dossier on another device.",
  enter_mine: "My dossiers",
  enter_other:
    "This is another account. What is locked belongs to the one used on this device before.",

  forgot_title: "Open again after forgetting",
  forgot_text:
    "Sign in with the account's passkey. What was not sent is sent first, then the server gives back each dossier's key. Nothing is deleted.",
  forgot_done: "Done. The dossiers are open again; next time use the new lock.",
  forgot_left:
    "{n} dossiers that the server does not have stay locked with the old PIN. They are still on this device. Should you remember it, open them in My dossiers.",
  forgot_alone_title: "This store has no account",
  forgot_alone:
    "Nobody, the intake point neither, can open it without the PIN. Wrong tries only make you wait; nothing is lost.",
  forgot_sent: "Sent: {n} dossiers. They go on; follow them with the slip code and the birth date.",
  forgot_unsent:
    "Not sent: {n} dossiers. They cannot be opened unless the PIN is remembered. They stay on the device.",
  forgot_follow: "Follow by slip code",
  forgot_new: "Keep them and start a new dossier",

  former_title: "Dossiers locked with the old PIN",
  former_text:
    "The server did not have these {n} dossiers when the new PIN was set. Should you remember the old one, type it here.",
  former_pin: "Old PIN",
  former_open: "Open with the old PIN",
  former_chip: "Locked with the old PIN",

  bring_some: "The account has {n} dossiers on another device.",
  bring: "Bring dossiers from another device",
  bringing: "Fetching dossiers…",
  brought: "Dossiers that came to this device: {n}.",
  open_mine: "Unlock my dossiers",

  conflict_title: "Two devices wrote different things",
  conflict_text: "{what}: choose what is right.",
  conflict_here: "This device, {at}",
  conflict_there: "Another device, {at}",
  conflict_empty: "(left empty)",
  conflict_choose: "Choose: {value}",
  conflict_first: "{what}: two devices wrote different things; please choose what is right.",

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
