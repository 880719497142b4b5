import type { Key } from "./index.ts";

/** English: the meaning, not the words. */
export const en: Readonly<Record<Key, string>> = {
  "app.name": "Đổi Bằng",
  "app.skip": "Skip to main content",
  "app.back": "Back",
  "app.home": "Home",
  "app.lock": "Lock",
  "app.clock":
    "This phone's date looks wrong: it says {here}, it should be {there}. Please set it; what you entered is kept.",
  "app.offline": "No network · everything still works",
  "app.trial": "Trial version: nothing goes to any authority. Do not use real papers.",
  "app.language": "Tiếng Việt",
  "app.language_failed":
    "The other language is not on this device yet. Try again when there is a network.",
  "app.update": "A new version of the app is ready.",
  "app.update_now": "Use the new version",
  "app.saved": "Saved on this device",
  "app.print": "Print this page",
  "app.continue": "Continue",
  "app.retry": "Try again",
  "app.why": "Why is this asked?",
  "app.listen": "Listen to this page in Vietnamese",
  "app.machine_voice": "machine voice",
  "app.stop_listening": "Stop",
  "app.no_voice": "This phone cannot read aloud yet: the voice needs a network once.",

  "page.not_found": "There is no such page",
  "page.not_found_text":
    "The address may have been mistyped. Everything saved on this device is still there.",
  "page.gone_text": "This dossier is not on this device, or belongs to someone else.",
  "page.failed": "This page did not open",
  "page.failed_text": "Nothing you saved is lost. Try again, or go to the home page.",
  "page.failed_part": "This part is not on the device yet. Try again when there is a network.",
  "page.insecure":
    "This address is not secure, so the device refuses camera and lock. Open it over https or localhost.",

  "home.title": "Driving licence",
  "home.exchange": "Exchange a driving licence",
  "home.exchange_text": "Fill in and photograph now, no network needed",
  "home.continue": "Go on with the form you started",
  "home.mine": "My dossiers",
  "home.mine_text": "Has it been sent, where is it now",
  "home.help": "I need help",
  "home.help_text": "Nearest places, what to bring",
  "home.follow": "Look up by slip code",
  "home.storage":
    "This device is nearly full. Delete some photos or apps before photographing papers.",

  "state.unsent": "Not sent",
  "state.waiting_network": "Waiting for network",
  "state.sending": "Sending {sent}/{total}",
  "state.sent": "Sent",
  "state.action_needed": "Something to add",
  "state.accepted": "Accepted",
  "state.sign_in": "Sign in to send",
  "state.refused": "Not taken by the server",
  "stage.erased": "Erased",
  "stage.handed_over": "Moved to another device",
  "stage.lent": "A clerk is continuing it",
  "stage.arriving": "On its way here",
  "sync.announce_sent": "Dossier {slip} has been sent.",
  "sync.announce_accepted": "Dossier {slip} has been accepted.",
  "sync.announce_action": "Dossier {slip} needs something added.",
  "sync.announce_refused": "Dossier {slip} could not be sent, please open it.",

  "field.summary": "To look at again: {count}",
  "field.from_qr": "Read from the QR code",
  "field.optional": "(optional)",
  "field.date_hint": "Day/month/year, for example 15/03/1990",
  "field.birth_hint":
    "Day/month/year, for example 15/03/1960. If the paper gives only the year, type the year.",
  "field.choose": "Choose…",
  "field.search": "Type to search",
  "field.none_found": "Nothing found. Try fewer letters.",

  "field.unlimited": "Unlimited",

  "error.required": "“{label}” is missing. Please fill it in.",
  "error.choose": "“{label}” is not chosen. Please choose one.",
  "error.date": "{label}: this date is not right. Type day/month/year, for example 15/03/1990.",
  "error.format": "{label}: not in the right form. Please check every digit and letter.",
  "error.quota":
    "The device is full, so what you just entered was not saved. Delete some photos or apps and try again.",
  "error.store_lost":
    "The app's data on this phone was just deleted. What this page shows is no longer saved: do not close it, and note down what you need.",
  "error.locked": "The dossier is locked. Please unlock it and go on.",
  "error.unsaved": "What you just entered could not be saved on the device. Please try again.",
  "error.offline": "There is no network. Try again later; everything saved is still there.",
  "error.too_many": "Too many tries. Please try again at {at}.",

  "idle.label": "Locks by itself when nobody touches it",
  "idle.minutes": "After {count} min",
  "idle.never": "Does not lock by itself",

  "unlock.title": "Unlock",
  "unlock.text": "Dossiers on this device are locked so that others cannot see them.",
  "unlock.pin": "PIN",
  "unlock.words": "The five-word passphrase",
  "unlock.open": "Open",
  "unlock.passkey": "Open with fingerprint, face or screen lock",
  "unlock.wrong": "That is not the right code. Type it again; the dossier is intact.",
  "unlock.cancelled": "Not opened. Please try again.",
  "unlock.full":
    "This device has no room left, so it could not be opened. Delete some photos or other apps, then try again; the dossier is intact.",
  "unlock.sealed":
    "This dossier was sent and is closed for good on the borrowed phone. Follow it with the slip code and birth date.",
  "unlock.forgot": "Forgotten, I cannot open it",
  "unlock.other": "I am someone else",
  "unlock.which": "Whose dossier?",
  "unlock.made": "Opened on {date}",
  "unlock.mode_own": "Own phone",
  "unlock.mode_borrowed": "Borrowed phone",
  "unlock.mode_clerk": "The intake point's device",
};
