import { html, type TemplateResult } from "lit";
import type { Draft, Filed } from "../../drafts/index.ts";
import { photosNeeded, problems } from "../../rules/index.ts";
import { nameOf, severityOf } from "../shared/explain.ts";
import { h } from "./words/index.ts";

const NAMED = 4;

const photoNames = (kinds: readonly string[]): string =>
  kinds.map((kind) => nameOf(`photo:${kind}`)).join(", ");

/** What is in the dossier, without a word about the person. */
export function filedLines({ procedure, held, requested, photos }: Filed): string[] {
  const classes =
    held && requested
      ? h("filed.class", { held, requested })
      : h("filed.class_held", { held: held ?? "" });
  return [
    ...(procedure === "doi" || procedure === "cap_lai" ? [h(`filed.procedure_${procedure}`)] : []),
    ...(held ? [classes] : []),
    photos.length > 0 ? h("filed.photos", { what: photoNames(photos) }) : h("filed.no_photos"),
  ];
}

/** What keeps an unsent dossier from being sent, by name; empty when nothing does. */
export function lacking(draft: Draft): string[] {
  const values = draft.values();
  const taken = new Set<string>(draft.photos().map(({ kind }) => kind));
  const fields = problems(values)
    .filter(({ code }) => severityOf(code) === "error")
    .map(({ field }) => nameOf(field));
  const photos = photosNeeded(values)
    .filter((kind) => !taken.has(kind))
    .map((kind) => nameOf(`photo:${kind}`));
  return [...new Set([...fields, ...photos])];
}

/** The first few by name, the rest by number. */
export function missingLine(names: readonly string[]): string {
  if (names.length === 0) return h("filed.complete");
  const first = names.slice(0, NAMED).join(", ");
  const count = names.length - NAMED;
  return h("filed.missing", {
    what: count > 0 ? h("filed.more", { what: first, count }) : first,
  });
}

export const asList = (lines: readonly string[]): TemplateResult =>
  html`<ul class="plainlist">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
