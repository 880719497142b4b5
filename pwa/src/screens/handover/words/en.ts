import type { HandOverKey } from "./index.ts";

export const en: Record<HandOverKey, string> = {
  "code.title": "Code to take the dossier",
  "code.qr": "code to take the dossier",
  "code.how":
    "Scan this code with the applicant's phone to keep the dossier, follow it and correct it when needed.",
  "code.how_lend": "Let the clerk scan this code with the tablet.",
  "code.typed": "Or open {host}/nhan and type this code and the applicant's birth date",
  "code.typed_lend": "Or read this code to the clerk, with the birth date",
  "code.no_birth": "No birth date has been entered, so the code can be scanned but not typed.",
  "code.pending": "The code works once this tablet has sent everything, then for 24 hours.",
  "code.pending_lend": "The code works once this phone has sent everything, then for 24 hours.",
  "code.good": "The server has everything. The code works once, until {at}.",
  "code.taken": "The applicant has taken the dossier on their phone. It has left this device.",
  "code.gone":
    "The code is shown once and is no longer on this device. If the applicant has not taken the dossier, issue a new code; the old one stops working.",
  "code.follow":
    "The slip code and the birth date are enough to see where the dossier is; no account is needed.",
  "code.new": "Issue a new code",
  "code.new_offline": "A new code needs a network.",

  "filed.title": "In the dossier",
  "filed.procedure_doi": "Exchange of a driving licence",
  "filed.procedure_cap_lai": "Re-issue of a lost driving licence",
  "filed.class": "Class {held} → {requested}",
  "filed.class_held": "Class {held}",
  "filed.photos": "{what}",
  "filed.no_photos": "No photos yet",
  "filed.missing": "Still missing: {what}",
  "filed.more": "{what} and {count} more",
  "filed.complete": "Nothing is missing",
  "filed.slip": "Slip code",

  "print.a6": "Print A6 slip",
  "print.roll": "Print 58 mm roll",
  "slip.title": "Dossier slip",
  "slip.claim": "Take the dossier on a phone",
  "slip.scan": "Scan the QR code, or open {host}/nhan and type the code and the birth date:",
  "slip.good": "Works once, until {at}.",
  "slip.pending": "Works once, for 24 hours after the tablet has sent everything.",
  "slip.follow": "Follow it without this phone",
  "slip.follow_how": "Open {host}/theo-doi and type the slip code and the birth date.",
  "slip.draft": "Not sent yet: take it on a phone, complete it and send it.",
  "slip.keep": "Keep this slip private: whoever has the code first can take the dossier.",

  "give.title": "Give it back to the applicant",
  "give.text":
    "The applicant takes the unfinished dossier on a phone and goes on alone, with or without a network. Then it leaves this tablet.",
  "give.button": "Show the code to the applicant",
  "give.done": "Done, next person",
  "give.no_key": "This device has no key of the server yet. Connect it once and try again.",
  "give.back": "Go on with it here",

  "lend.title": "Let a clerk continue",
  "lend.sees": "A clerk of the intake point sees every answer and photo of this dossier.",
  "lend.hours":
    "The clerk continues it for 24 hours. If it was not sent by then, it comes back to this phone by itself.",
  "lend.named": "The helper's name is recorded in the dossier.",
  "lend.meanwhile": "Meanwhile this phone can read the dossier but not change it.",
  "lend.agree": "I agree that a clerk sees and continues this dossier.",
  "lend.agree_needed": "The box has not been ticked.",
  "lend.button": "Show the code to the clerk",
  "lend.back": "I go on myself",
  "lend.own_only": "This can be asked from your own phone only.",

  "away.title": "The dossier is elsewhere",
  "away.lent":
    "A clerk of the intake point is continuing this dossier, until {until}. If it was not sent by then, it comes back here by itself. Until then it can only be read.",
  "away.handed_over":
    "This dossier has moved to another device and cannot be changed here any more. It can still be followed by slip code and birth date.",
  "away.answers": "Answers",
  "away.photos": "Photos",

  "take.title": "Take a dossier",
  "take.title_clerk": "Take a dossier from a phone",
  "take.text":
    "Scan the code on the tablet or on the slip of the intake point. The dossier moves to this phone.",
  "take.text_clerk":
    "Scan the code on the applicant's phone. They have agreed that you see and continue it for 24 hours.",
  "take.scan": "Scan the QR code",
  "take.or_type": "Or type the code",
  "take.typed": "Code to take the dossier (8 letters and digits)",
  "take.typed_hint": "Right below the QR code.",
  "take.typed_bad": "The code has 8 letters and digits. Please check it.",
  "take.birth": "The applicant's birth date",
  "take.button": "Take the dossier",
  "take.other_code":
    "This is not a code to take a dossier. Please scan the one on the slip or on the tablet.",
  "take.taking": "Asking the server…",
  "take.not_ready":
    "The device that holds the dossier has not sent everything. Let it have a network. This page tries again by itself; the code stays good.",
  "take.offline":
    "No network. This page keeps the code and tries again by itself when there is one.",
  "take.unknown_qr":
    "The server does not know this code yet. If the slip was just issued, the tablet has not sent: this page tries again by itself. If the code was used or is older than 24 hours, ask the intake point for a new one.",
  "take.unknown":
    "This code does not work: the code or the birth date is not right, it was used, it is older than 24 hours, or the tablet has not sent. Each code allows 5 tries.",
  "take.clerk_needed":
    "This code lets a clerk continue: only a device of the intake point can take it.",
  "take.failed": "The dossier was not taken. Please try again, or ask for a new code.",
  "take.next_try": "Next try at {at}.",
  "take.try_now": "Try now",
  "take.another": "Use another code",
  "take.arriving": "Taken. The dossier is on its way…",
  "take.photos": "Taken. Photos on their way: {left} parts left",
  "take.photos_offline":
    "The network is gone. The rest comes by itself when it is back; what has come stays.",
  "take.go_on": "Open the dossier now",

  "list.take": "Take a dossier from an intake point",
  "list.lend": "Let a clerk continue",
  "list.give": "Give it back to the applicant",
  "list.code": "Code for the applicant",
  "list.given": "Given back",
  "list.take_phone": "Take a dossier from a phone",
};
