import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { vi as camera } from "../../capture/words/vi.ts";
import { questionOf } from "./asks.ts";
import { STEPS, type Step } from "./steps.ts";
import { w } from "./words/index.ts";

const folder = new URL("../../../voice/", import.meta.url);

/** What is read of a page: its question, its choices, and why it is asked. */
function lineOf({ title, why, asks = [] }: Step): string {
  const [only, ...more] = asks;
  const choices = only && more.length === 0 ? (questionOf(only, {}).options ?? []) : [];
  const said = [w(title), ...choices.map(({ label }) => label), why ? w(why) : ""];
  return said
    .filter(Boolean)
    .map((part) => part.replace(/[.:]?$/, (end) => (/[?!]$/.test(part) ? end : ".")))
    .join(" ");
}

const lines: Record<string, string> = Object.fromEntries([
  ...STEPS.filter(({ view }) => view !== "db-person-view") // whose title is a name
    .map((step) => [`page-${step.id}`, lineOf(step)]),
  ...Object.entries(camera)
    .filter(([key]) =>
      /^camera\.(?:place_.*|dark|bright|glare|blurred|cut|good|press|taken)$/.test(key),
    )
    .map(([key, text]) => [key.replace(".", "-"), text]),
]);

test("what is read aloud is what the pages say (vitest -u, then infra/voice)", async () => {
  const text = `${JSON.stringify(lines, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(new URL("lines.json", folder).pathname);
});

test.each(Object.entries(lines))("%s has a clip of these words, or a person's", (line, text) => {
  const clip = readFileSync(new URL(`${line}.mp3`, folder));
  expect(clip.length).toBeGreaterThan(2_000);
  // The synthesiser's clips carry their words in ID3; a recording in their place need not.
  if (clip.includes("giọng máy")) expect(clip.includes(text)).toBe(true);
});
