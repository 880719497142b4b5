import type { Key } from "./index.ts";

export const en: Readonly<Record<Key, string>> = {
  "camera.opening": "Opening the camera…",
  "camera.place_card": "Put the whole card inside the frame",
  "camera.place_portrait": "Keep the face in the middle of the frame",
  "camera.place_paper": "Put the whole sheet inside the frame",
  "camera.place_qr": "Bring the QR code into the frame",
  "camera.dark": "A little dark, move to the light",
  "camera.bright": "Too bright, avoid direct sun",
  "camera.glare": "The card reflects, tilt it a little",
  "camera.blurred": "Not clear yet, move closer or further away",
  "camera.cut": "The whole card is not seen yet, put it inside the frame",
  "camera.moving": "Hold still…",
  "camera.good": "Clear, hold still",
  "camera.press": "Clear, take the picture",
  "camera.taken": "Taken",
  "camera.speak": "Remind aloud (in Vietnamese)",
  "camera.auto": "Take it when clear",
  "camera.shoot": "Take the picture",
  "camera.turn": "Switch front/back camera",
  "camera.close": "Close the camera",
  "camera.live": "Live picture from the camera",
  "camera.denied":
    "The device does not allow the camera. Allow it in the settings, or choose a picture.",
  "camera.none": "No camera was found on this device. Please choose a picture.",
  "camera.busy":
    "The camera is in use by another app. Close it and try again, or choose a picture.",
  "camera.insecure": "This browser cannot open the camera. Please choose a picture.",
  "qr.reading": "Looking for the QR code…",
  "qr.file_none": "No QR code was found in this picture. Choose a clearer one, or type.",
  "qr.file_bad": "This picture could not be opened. Please choose another.",
  "qr.no_reader":
    "The QR reader is not on this device yet. Type instead, or try again with a network.",
};
