import type { WordKey } from "./index.ts";

/** English: the meaning, not the words. */
export const en: Readonly<Record<WordKey, string>> = {
  "part.papers": "What you hold",
  "part.identity": "ID card",
  "part.residence": "Where you live",
  "part.photos": "Photos of the licence",
  "part.licence": "The licence",
  "part.portrait": "Portrait",
  "part.certificate": "Health certificate",
  "part.delivery": "Receiving the card",
  "part.finish": "Check and send",
  progress: "Step {n} of {of}: {part}",

  "whose.title": "Whose phone is this?",
  "whose.text": "So that nobody else who opens this phone can see the dossier.",
  "whose.own": "Mine",
  "whose.own_text": "Open again with fingerprint, face or a PIN",
  "whose.borrowed": "Borrowed from someone",
  "whose.borrowed_text":
    "Locked with a PIN. Once sent, the dossier is closed for good on this phone",
  "whose.how": "How do you want to open it again?",
  "whose.passkey": "Fingerprint, face or screen lock",
  "whose.pin_choice": "A PIN for this dossier",
  "whose.pin": "Choose a PIN (6 to 12 digits)",
  "whose.pin_hint": "Avoid birth dates and easy rows like 123456.",
  "whose.pin_again": "Type the PIN again",
  "whose.pin_note":
    "A forgotten PIN cannot be recovered, because it is kept nowhere else. A PIN is weaker than a fingerprint.",
  "whose.label": "What to call it, to tell it from the others on this phone?",
  "whose.label_hint":
    "For example: Father, Mother, Me. It can be seen while locked, so no full name.",
  "whose.pin_short": "A PIN has 6 to 12 digits.",
  "whose.pin_weak": "This PIN is easy to guess. Please choose another.",
  "whose.pin_differs": "The two PINs are not the same. Please type again.",
  "whose.no_prf": "This device cannot lock the dossier with a fingerprint. Please choose a PIN.",
  "whose.cancelled": "Not locked yet. Please try again, or choose a PIN.",
  "whose.why":
    "The dossier holds your identity number and photos of papers. It is locked as soon as it is written, so a lost or lent phone gives nothing away.",

  "start.title": "A form is already begun",
  "start.text": "Go on where you stopped, or begin another.",
  "start.go_on": "Go on",
  "start.another": "Begin a new form",
  "start.since": "Last saved {at}",

  "held.title": "Which licence do you hold?",
  "held.card": "A Vietnamese licence",
  "held.card_text": "A yellow or pink plastic card, or old paper",
  "held.lost": "It is lost",
  "held.foreign": "Issued abroad",
  "held.military": "Issued by the army",
  "held.old_police": "The old series of the police",
  "held.why": "Some cases are done at a counter. Asking first saves the work of filling in.",
  "revoked.title": "Is your right to use the licence withdrawn at present?",
  "revoked.no": "No",
  "revoked.yes": "Yes",
  "revoked.note":
    "You can still fill in the form. An officer will look and answer. While a violation is open, the dossier may not be accepted.",
  "revoked.why": "The authority does not exchange a licence while a violation is open.",
  "reason.title": "Why is it exchanged?",
  "reason.damaged": "The card is damaged or unreadable",
  "reason.expiring": "It expires soon or has just expired",
  "reason.information_changed": "Information on the card has changed",
  "reason.why": "The law names the reasons for an exchange; the form states one.",

  "loss.title": "Declaration of loss",
  "loss.why":
    "It stands in for photos of the licence. An officer finds the lost one by name and birth date.",
  "loss.date_hint": "If you are not sure, the nearest day you remember",
  "loss.place_hint": "For example: dropped on the road home from Gia Bình market",
  "loss.declared":
    "I declare that the licence is truly lost, and is not seized, withdrawn or pledged.",

  "elsewhere.where": "Where to go",
  "elsewhere.hours": "The places are open {hours}, Monday to Friday, not on holidays.",
  "elsewhere.code": "Code of what was prepared",
  "elsewhere.code_text":
    "What was filled in is on this phone. Bring it along: at the counter the button lets a clerk go on with it, so nothing is entered twice.",
  "elsewhere.code_paper":
    "Bring the phone along, so that a clerk goes on and nothing is entered twice.",
  "elsewhere.lend": "Let a clerk continue",
  "elsewhere.bring": "What to bring",
  "elsewhere.fees": "To pay at the counter",
  "elsewhere.law": "Law",
  "elsewhere.kept":
    "What you filled in stays on this device. If you chose wrongly, go back and choose again.",
  "elsewhere.points": "Places that help",

  "id.title": "Scan the QR code of the ID card",
  "id.text":
    "The code is on the front or the back. After scanning there is no name, birth date or number to type.",
  "id.scan": "Open the camera to scan",
  "id.file": "Choose a picture with the QR code",
  "id.type": "Type instead",
  "id.why":
    "Reading from the card makes no spelling mistakes. The code's own text is not kept once confirmed.",
  "id.other": "This is not an ID card's code. It says:",
  "person.title": "Is the applicant:",
  "person.born": "Born {date}",
  "person.yes": "Yes",
  "person.no": "No, someone else",
  "self.title": "As on the ID card",
  "self.why":
    "Name, birth date and identity number are printed or looked up when the new card is made.",
  "self.name_hint": "As on paper, family name first",
  "self.id_hint": "12 digits on the ID card",
  "sex.male": "Male",
  "sex.female": "Female",
  "residence.title": "Where do you live?",
  "residence.why":
    "Since 1 July 2025 an address has only commune and province. The ID card need not be changed for this.",
  "residence.legacy": "The ID card says: {address}",
  "residence.line_hint": "House number, hamlet, group",
  "residence.commune_hint": "Type the new or the old commune, accents not needed",

  "photo.front": "Photograph the licence's front",
  "photo.back": "Photograph the licence's back",
  "photo.portrait": "Take a portrait",
  "photo.certificate": "Photograph the health certificate",
  "photo.card_text": "Put the card on something dark, in even light, without flash.",
  "photo.portrait_text":
    "Look straight ahead, before a light wall, no hat, no sunglasses. It is easier if someone else takes it.",
  "photo.certificate_text":
    "Take the page with number, conclusion and stamp. Flat, all four corners.",
  "photo.good": "Good: clear, four corners",
  "photo.good_face": "Good: the whole face, clear",
  "photo.blurred": "Avoid: blurred",
  "photo.glare": "Avoid: glare",
  "photo.open": "Open the camera",
  "photo.file": "Choose a picture",
  "photo.use": "Use this picture",
  "photo.again": "Take it again",
  "photo.kept": "The picture is saved on this device",
  "photo.saving": "Saving the picture…",
  "photo.warn":
    "The picture seems {what}. Better take it again. If every letter can be read, use it.",
  "photo.warn_blurred": "blurred",
  "photo.warn_dark": "dark",
  "photo.warn_bright": "too bright",
  "photo.warn_glare": "to have glare",
  "photo.warn_cut": "not to show the whole card",
  "photo.bad_file":
    "This file could not be opened as a picture. Please choose another, JPEG or PNG.",
  "photo.why":
    "An officer compares the picture with what was typed. A clear one needs no correction.",
  "photo.portrait_why":
    "The picture helps to recognise the right person. If needed, the authority takes another at the counter.",
  "photo.alt_kept": "{what}, saved picture",

  "licence.title": "What the licence says",
  "licence.number_hint":
    "12 digits; compare with the card, three at a time. Old paper: as printed.",
  "licence.letters": "The number has letters (old paper)",
  "licence.date_hint": "Day/month/year near the signature",
  "licence.place_hint": "The office printed on the card, for example Sở GTVT Bắc Ninh",
  "licence.serial_hint": "Two letters and six digits on the back, for example AA123456",
  "licence.before_2025": "Before 1 January 2025",
  "licence.from_2025": "On or after 1 January 2025",
  "licence.why": "Number and date find the licence in the authority's system.",
  "class.title": "Class and term",
  "class.why":
    "The same letter means other vehicles before and after 1 January 2025. Class and term decide whether a health certificate or a test is needed.",
  "class.days_left":
    "The card is valid for {days} more days. The dossier has to arrive before the limit for exchange.",
  "class.overdue": "The card expired {days} days ago. It can still be exchanged, so send soon.",
  "class.other_hint":
    "Only if you hold a second card, for example for motorcycles. That card stays as it is.",
  "class.becomes": "Class {held} is exchanged for class {targets}.",
  "class.needs_certificate": "This class needs a driver's health certificate.",
  "class.no_certificate": "This class needs no health certificate.",
  "target.title": "Which class do you want?",
  "target.why": "The law lets you choose where an old class matches several new ones.",

  "certificate.title": "Health certificate",
  "certificate.scan": "Scan the QR code on the paper",
  "certificate.number_hint":
    "For example 00001/GKSKLX/27001/26. Leave it empty if there is none yet; you can still send.",
  "certificate.date_hint": "The date beside the conclusion",
  "certificate.found": "Number {number} was read from the QR code.",
  "certificate.other": "No certificate number was found in this QR code. It says:",
  "certificate.verified":
    "The signature of {facility} is good: certificate {number}, concluded {date}. There is no waiting for the registry.",
  "certificate.unverified":
    "Read: certificate {number}, concluded {date}. This phone cannot verify the facility's signature; send all the same, the number will be looked up.",
  "certificate.not_yours":
    "This certificate is of {name} and differs from what was entered: {what}. Is it another person's?",
  "certificate.forged":
    "The signature in this QR code is wrong: it was altered or is not the facility's. It is not used. Scan the original, or type the number.",
  "certificate.illegible":
    "The QR code is signed but cannot be read. Scan again, or type the number.",
  "certificate.kept":
    "This phone has not fetched what verifies the signature. The code is kept and will be verified on receipt. Please type the number.",
  "certificate.why":
    "The number is for looking it up. Clinics often report a few days late: the dossier waits and is not refused.",

  "contact.title": "Phone number",
  "contact.hint": "Your own or a relative's, 10 digits",
  "contact.why": "The post and the officer call when needed. It is used for nothing else.",
  "delivery.title": "Where do you want to receive the card?",
  "delivery.post": "By post to the door",
  "delivery.post_text": "The post charges its own fee",
  "delivery.counter": "I collect it at a place",
  "delivery.why": "When the new card is handed over, the old one is taken back or cut.",
  fee: "Fee {amount}, paid after the dossier was accepted.",

  "check.title": "Look once more before sending",
  "check.text": "Press Change to correct; you come back to this page.",
  "check.edit": "Change",
  "check.missing": "Not given",

  "send.title": "Agree and send",
  "send.will": "When you send:",
  "send.will_1": "The dossier is sealed and saved on this device.",
  "send.will_2":
    "It goes to the intake point by itself when there is a network, text first, photos after.",
  "send.will_3":
    "Once everything has arrived, the intake point answers with a dossier code and a date.",
  "send.declaration": "I declare that what I stated is true and answer for it before the law.",
  "send.button": "Send the dossier",
  "send.declaration_needed": "The declaration is not ticked.",
  "send.more": "Read it in full",
  "send.photos_awaited":
    "Photos taken on another device have not all come to this one. Connect it for a moment and send again.",
  "photo.arriving":
    "This photo is on its way to this device. Wait for a network, or take it again.",
  "send.no_key":
    "The intake point's sealing key is not on this device yet. A network is needed once, then press send again. Everything saved is still there.",
  "send.failed":
    "It could not be prepared for sending. Please try again; everything saved is still there.",

  "done.title": "Saved on this device",
  "done.text":
    "When there is a network, the dossier sends itself. There is nothing more to do; you may close the app.",
  "done.arrived": "The intake point has received everything.",
  "done.slip": "Slip code",
  "done.slip_text":
    "Write this code down, or show the QR code to a clerk. Look up with slip code and birth date.",
  "done.borrowed":
    "This is a borrowed phone: once locked, the dossier cannot be opened here again. Write the slip code down first.",
  "done.follow": "See the dossier",

  "mine.title": "My dossiers",
  "mine.none": "There is no dossier on this device.",
  "mine.locked": "Unlock to see names and contents.",
  "mine.draft": "Form not sent yet",
  "mine.sent": "A dossier that was sent",
  "mine.slip": "Slip {slip}",
  "mine.updated": "Last saved {at}",
  "mine.continue": "Go on",
  "mine.open": "Open",
  "mine.discard": "Delete this form",
  "mine.discard_sure": "Delete it from this device for good? It cannot be recovered.",
  "mine.discard_yes": "Delete",
  "mine.discard_no": "Keep",

  "account.title": "Account (not needed)",
  "account.text":
    "You can fill in and send without an account. With one, should this device lose its right to send, your fingerprint, face or screen lock gives it back. There is no password.",
  "account.make": "Make an account",
  "account.join": "I have an account",
  "account.made": "This device has an account.",
  "account.unlock": "Press Go on to unlock, then come back to this page to sign in.",
  "account.devices": "My devices",

  "retest.title": "Ask for a test session",
  "retest.text":
    "Choose a week. An officer answers on this page with day, time and place. It works without a network: this phone writes it down.",
  "retest.week": "Week of the test",
  "retest.ask": "Send the request",
  "retest.asked":
    "Your request for the week {week} has arrived. An officer will set a day. Nothing more to do.",
  "retest.confirmed": "The test: {day} at {time}, {place}. Tell them the code {slip}.",
  "retest.declined":
    "No session in the week {week}. Reason: {reason}. You may choose another week.",
  "pickup.title": "Fetch the card at a place",
  "pickup.text": "Choose a place to fetch the card instead of having it brought.",
  "pickup.ask": "Fetch it there",
  "pickup.kept": "When ready, the card is kept at {point}. Bring your ID card.",
  "pickup.on_its_way":
    "The card is on its way and this cannot be changed. If it cannot be handed over, choose here again.",
  "pickup.too_late": "This dossier has ended; the place cannot be changed any more.",
  "pickup.lent": "A clerk has this dossier now; it cannot be changed yet.",
  "queue.title": "Take a queue number",
  "queue.text":
    "With a number there is no queueing. It works without a network: this phone writes it down and sends it by itself.",
  "queue.point": "Where you will go",
  "queue.day": "Day",
  "queue.part": "Time of day",
  "queue.morning": "Morning",
  "queue.afternoon": "Afternoon",
  "queue.take": "Take a number",
  "queue.pending":
    "Written on this phone. When there is a network the answer shows here. Nothing more to do.",
  "queue.number": "Number {number}",
  "queue.when": "{day}, come between {from} and {to}",
  "queue.waiting": "This number is kept. Come in time and watch the screen.",
  "queue.called": "This number is being called. Please go to counter {counter}.",
  "queue.missed_once": "Called, and nobody came. This number is called once more.",
  "queue.missed": "This number was called twice. Take another if you still need one.",
  "queue.served": "Done at the counter.",
  "queue.cancelled": "This number was given back.",
  "queue.return": "Give the number back",
  "queue.closed": "This place is closed that day.",
  "queue.past": "That time is over.",
  "queue.too_far": "That day is too far ahead for a number.",
  "queue.full": "No numbers are left for that time.",
  "queue.has_one": "This dossier has a number already.",
  "queue.too_many": "This phone took many numbers. Go on tomorrow, or take one at the place.",
  "queue.next": "The nearest free time: {day}, {from}–{to}.",
  "queue.take_next": "Take this time",
  "help.title": "I need help",
  "help.bring": "What to bring",
  "help.bring_1": "Citizen identity card",
  "help.bring_2": "The licence you hold",
  "help.bring_3": "A driver's health certificate, if the class has a term",
  "help.bring_4": "A phone, if you have one. It works without",
  "help.points": "Intake points",
  "help.points_note":
    "Addresses, hours and phone numbers are not in the data yet. Please ask before going.",
  "help.rural": "In a commune",
  "help.find": "Find by commune",
  "help.how":
    "Not sure how? Staff at these places fill it in with you on their device, free of charge.",
  "help.offline":
    "Without a network you can still fill in, photograph and save. It sends itself later.",

  "follow.title": "Look up a dossier",
  "follow.text": "Type the 8-character slip code and the applicant's birth date.",
  "follow.slip": "Slip code",
  "follow.slip_hint": "Letters and digits on the slip, for example K7M2 P9QX",
  "follow.birth": "Birth date",
  "follow.button": "Look up",
  "follow.slip_bad": "A slip code has 8 characters. Please compare with the slip.",
  "follow.not_found":
    "No dossier was found for this slip code and birth date. Please check, or it has not arrived yet.",
  "follow.as_of": "As of {at}",
  "follow.state": "Dossier: {state}",
  "follow.only":
    "This page only tells where the dossier is. To ask more, go to an intake point with the ID card.",
  "follow.correct":
    "Sent from your own phone: open the dossier there, correct it and send again. Sent from a borrowed phone or by a clerk: that device keeps it no longer. Please bring ID card, licence and slip code to an intake point, where a new dossier is made.",

  "dossier.title": "Dossier {code}",
  "dossier.untitled": "Licence exchange dossier",
  "dossier.code": "Dossier code",
  "dossier.papers": "The dossier's papers (PDF)",
  "dossier.apology": "We are sorry: it will not be ready on {before}. New date: {date}.",
  "dossier.openings": "Who opened this dossier",
  "dossier.notices": "Messages, and what you agreed to",
  "dossier.slip": "Slip code",
  "dossier.promised": "Promised date",
  "dossier.filed": "Received",
  "dossier.fee": "Fee",
  "dossier.fee_due": "{amount}, not paid",
  "dossier.fee_paid": "{amount}, paid",
  "dossier.fee_waived": "Waived ({amount})",
  "dossier.fee_refunded": "{amount}, paid back",
  "dossier.parcel": "Parcel number",
  "dossier.way": "Where the dossier is",
  "dossier.recovery":
    "Somebody came to an intake point with the slip and the ID card, said that this device is lost and asked for the dossier. If you did not ask for it, press the button. Otherwise it can leave from {at}.",
  "dossier.keep": "Keep the dossier here",
  "dossier.kept": "Noted. With a network the server ends that code; the dossier stays here.",
  "dossier.todo_unsent": "Not sent yet. Check it and press send.",
  "dossier.todo_waiting":
    "Waiting for a network since {at}. It sends itself then. There is nothing to do.",
  "dossier.todo_sending": "Sending {sent}/{total}. If the network drops, the rest follows later.",
  "dossier.todo_sent":
    "The intake point has everything and takes a first look. There is nothing to do.",
  "dossier.promise": " Promised for {date}.",
  "dossier.todo_accepted": "In progress.{promise} There is nothing to do.",
  "dossier.todo_approved":
    "Approved; the new card will be printed.{promise} There is nothing to do.",
  "dossier.todo_produced": "The new card is being printed.{promise} There is nothing to do.",
  "dossier.todo_undelivered":
    "The post could not hand over the new card. Choose below to fetch it, or wait for the post to call.",
  "dossier.todo_pick_up": "The new card is kept at the place you chose. Bring your ID card.",
  "dossier.todo_dispatched": "The new card is on its way.{promise} Keep your phone at hand.",
  "dossier.todo_withdrawn":
    "The dossier was withdrawn and nobody works on it. To exchange the card, start a new one.",
  "dossier.todo_sign_in":
    "This device has to sign in again before it can send. Nothing is lost; it goes on afterwards.",
  "dossier.todo_sign_in_none":
    "This device may no longer send, and has no account that could give that back. Nothing is lost. Please take the device to an intake point.",
  "dossier.sign_in": "Sign in to send",
  "dossier.todo_refused":
    "The server did not take this dossier: {reason}. Everything is still on this device. Please take it to an intake point.",
  "dossier.todo_returned": "To be corrected: {count}. Change only this and send again.",
  "dossier.todo_missing":
    "The intake point still lacks: {what}. It is sent again when there is a network.",
  "dossier.missing_photo": "{photo}, {missing} of {of} parts missing",
  "dossier.todo_delivered": "The new card was delivered. All done.",
  "dossier.todo_rejected":
    "The dossier was not granted: {reason}. Ask at the intake point and bring the dossier code.",
  "dossier.wait_certificate":
    "The health certificate is not in the registry yet. Waiting since {since}. A few days' delay is common; the intake point looks again by itself{next}. There is nothing to do.",
  "dossier.wait_authority":
    "Waiting for the licensing authority since {since}. The intake point asks again by itself{next}. There is nothing to do.",
  "dossier.wait_payment": "Waiting for the fee since {since}{next}.",
  "dossier.wait_next": ", next at {at}",
  "dossier.note": "The officer's note",
  "dossier.law": "Law: {law}",
  "dossier.fix_item": "Correct: {what}",
  "dossier.resend": "Send the corrections",
  "dossier.nothing_changed":
    "Nothing that was asked for has been changed yet. Please correct it, then send.",
  "dossier.send_now": "Send now",
  "dossier.findings": "Please note",
  "parting.title": "No more messages, withdraw or erase",
  "parting.no": "No, keep it",
  "parting.withdraw_consent": "No more messages",
  "parting.withdraw_consent_text":
    "No more messages outside the app (on the device, SMS, Zalo). The dossier is dealt with all the same.",
  "parting.withdraw_consent_sure": "No more messages about this dossier?",
  "parting.withdraw_consent_asked":
    "Noted. Once there is a network it is sent, and no more messages come.",
  "parting.withdraw": "Withdraw the dossier",
  "parting.withdraw_text":
    "Withdraw: nobody deals with it any more. The old licence stays as it is.",
  "parting.withdraw_sure":
    "A withdrawn dossier cannot be reopened; an exchange then needs a new one. Withdraw it?",
  "parting.withdraw_asked":
    "Noted. With a network the device sends it, and the state becomes Withdrawn.",
  "parting.erase": "Erase the dossier",
  "parting.erase_text":
    "Erase: withdraws it and erases its details and photos at the office. A random id and counts stay.",
  "parting.erase_sure": "What is erased cannot be brought back, anywhere. Erase it?",
  "parting.erase_asked":
    "Noted. With a network the device sends it; the office erases and answers here.",
  "parting.too_late":
    "Not possible now: it was decided, or the card is being printed or delivered.",
  "parting.at_authority":
    "Not possible now: the licensing authority has it. It can be erased once there is a result.",
  "dossier.erased": "This dossier was erased as requested.",
  "way.written": "Saved on this device",
  "way.sent": "Sent",
  "way.received": "Received",
  "way.examined": "Examined",
  "way.approved": "Approved",
  "way.produced": "Card printed",
  "way.dispatched": "On its way",
  "way.delivered": "Delivered",
};
