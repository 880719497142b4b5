import type { ReadingKey } from "./index.ts";

export const en: Readonly<Record<ReadingKey, string>> = {
  more: "What this means",
  waiting:
    "Noted. Photos that reach the server will be read there; the result appears here by itself.",
  read: "{n} of {of} photos were read. What they say appears on the page it belongs to.",
  refused:
    "The photos of this dossier cannot be read before sending. Everything else works as usual.",
  no_key: "This device has no key to send with yet. Connect once, then tick again.",
  title: "Read from the photos",
  empty: "{what}: {value} ({source})",
  fill: "Fill in",
  unsure: "This may be misread, please compare it with the paper.",
  same: "{what}: {source} says {value}, the same as what was entered.",
  differs:
    "{what}: {source} says {value}, which differs from what was entered. Please compare with the paper.",
};
