import type { DoorKey } from "./index.ts";

export const en: Readonly<Record<DoorKey, string>> = {
  "role.applicant": "Applicant",
  "role.clerk": "Clerk of an intake point",
  "role.officer": "Examining officer",
  "role.admin": "Administrator",

  "signin.clerk": "The clerk's device",
  "signin.officer": "The officer's desk",
  "signin.admin": "Administration",
  "signin.text":
    "Sign in with fingerprint, face, screen lock or security key. There is no password.",
  "signin.button": "Sign in",
  "signin.invited": "No account yet: open the invitation link that the administrator sent.",
  "signin.out": "Sign out",

  "invitation.title": "Invitation to work here",
  "invitation.looking": "Reading the invitation…",
  "invitation.role": "Role",
  "invitation.point": "Intake point",
  "invitation.until": "Good until",
  "invitation.name": "Full name",
  "invitation.name_hint": "Applicants see this name while they are helped.",
  "invitation.name_needed": "The full name is missing. Please fill it in.",
  "invitation.text":
    "The button below makes a passkey with fingerprint, face or screen lock. An invitation works once.",
  "invitation.button": "Make the passkey and begin",
  "invitation.none":
    "The invitation link lacks its code. Please open the link exactly as it was sent.",

  "demo.title": "Trial",
  "demo.text":
    "This link opens a trial session without card and without passkey. Every dossier here is a sample.",
  "demo.button": "Begin the trial",
  "demo.none": "The trial link lacks its code. Please copy the whole line that the server printed.",
};
