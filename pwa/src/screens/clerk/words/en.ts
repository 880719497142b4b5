import type { ClerkKey } from "./index.ts";

export const en: Readonly<Record<ClerkKey, string>> = {
  "list.title": "Today's dossiers",
  "list.new": "Help the next person",
  "list.none": "No dossier yet.",
  "list.nameless": "Names appear with a network and after signing in.",
  "list.hidden": "Other people's names are hidden while somebody is being helped.",
  "list.unsent": "Being filled in",
  "list.arriving": "Arriving",
  "list.go_on": "Go on",
  "list.missing": "{parts} parts of {photos} photos are missing; they are sent by themselves",

  "band.helping": "Being helped by:",
  "band.clerk": "the clerk of this intake point",
  "band.list": "To the list",

  "home.title": "Ready for the next person",
  "home.text":
    "Press Help the next person to begin. Once the server has it, a dossier is removed from this device by itself.",
  "home.numbers": "This place's queue numbers",
  "home.devices": "My devices",
  "home.end": "End of shift: lock and sign out",
  "offline.first": "There is no network. The first time on this device needs one, to sign in.",

  "door.others": "Another clerk",
  "door.new": "Sign in with another account",

  "vault.make": "Lock this device for the shift",
  "vault.make_text":
    "Dossiers being filled in are locked on this device. Open them with fingerprint, face or screen lock.",
  "vault.open": "Open the device",
  "vault.open_text": "The dossiers on this device are locked. What was sent goes on being sent.",
  "vault.by_passkey": "Use fingerprint, face or screen lock",
  "vault.use_words": "Use five words instead",
  "vault.use_key": "A security key (FIDO2)? Use it instead of the words",
  "vault.words": "The device's five words",
  "vault.words_hint": "With or without accents.",
  "vault.words_text":
    "These five words open the device at the start of each shift. Write them down and keep them apart. The device does not keep or show them again.",
  "vault.trial_text":
    "These five words lock the dossiers on the device. In this trial the device remembers them until the page is reloaded.",
  "vault.noted": "The five words are written down",
  "vault.begin": "Begin",
  "vault.forgotten": "Words forgotten? Begin with a new lock",
  "vault.no_prf": "This device cannot lock with a fingerprint. Please use the five words.",

  "confirm.title": "The applicant confirms",
  "confirm.text": "Please hand the device to the applicant to read and tick.",
  "confirm.applicant":
    "I have looked over the dossier. I ask {clerk} to send it for me and agree that the helper sees these data.",
  "confirm.applicant_needed": "The applicant has not confirmed yet.",
  "confirm.clerk": "The clerk's part",
  "confirm.identity": "I have seen the original ID card and it is this person.",
  "confirm.identity_needed": "It is not ticked yet that the ID card was seen.",

  "resume.gone":
    "This dossier is no longer at the point: it was sent, or the applicant has it on a phone. Ask them to correct it there, or to show a code for help.",
  "resume.returned": "Bring it back to correct",

  "unfinished.title": "Unfinished dossiers of this point",
  "unfinished.text":
    "Begun on tablets of this point and not sent. Going on needs your passkey and is written down.",
  "unfinished.none": "Nothing is unfinished.",
  "unfinished.offline": "This list needs a network. What is on this tablet can be continued.",
  "unfinished.nameless": "No name yet",
  "unfinished.by": "{who}, at {at}",
  "unfinished.mine": "Me, on another tablet",
  "unfinished.coming": "Bringing it…",
  "unfinished.open": "Unfinished dossiers of this point",

  "reissue.open": "The applicant lost a phone or passkey",
  "reissue.title": "A new code for the applicant",
  "reissue.text":
    "For somebody who lost their phone or passkey. Needs the dossier's slip and the original ID card. It is written down with the clerk's name.",
  "reissue.slip": "Slip code (8 letters and digits)",
  "reissue.slip_hint": "On the slip given when the dossier was sent.",
  "reissue.slip_bad": "A slip code has 8 letters and digits. Please look again.",
  "reissue.identity": "Identity number on the ID card",
  "reissue.button": "Make the code",
  "reissue.later":
    "Another device of the applicant's is in use; it is told and may refuse. The code works from {at}.",

  "sent.title": "Ready to be sent",
  "sent.waiting":
    "It sends by itself when there is a network. Once the server has everything, the dossier is removed from this device.",
  "sent.arrived": "The server has everything. The dossier was removed from this device.",
  "sent.papers": "The dossier's papers (PDF)",
  "sent.slip": "The applicant's slip code",
  "sent.slip_text":
    "Give this code to the applicant, or let a phone scan the QR code. Slip code and birth date are enough to look it up.",
  "sent.next": "Done, next person",
};
