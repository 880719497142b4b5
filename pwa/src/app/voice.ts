import { language } from "../i18n/index.ts";

/** Clips of a speech synthesiser, or recordings put in their place; see pwa/voice/README.md. */
const CLIPS = import.meta.glob<string>("../../voice/*.mp3", {
  query: "?url",
  import: "default",
  eager: true,
});
/** What was heard once is heard without a network. */
const HEARD = "voice";
const MUTED = "doibang.voice.muted";
let playing: HTMLAudioElement | null = null;

const clipOf = (line: string): string | undefined => CLIPS[`../../voice/${line}.mp3`];

/** Whether this line can be heard; the clips are Vietnamese. */
export const heard = (line: string): boolean => language() === "vi" && clipOf(line) !== undefined;

export const isMuted = (): boolean => localStorage.getItem(MUTED) === "1";

export function mute(muted: boolean): void {
  if (muted) localStorage.setItem(MUTED, "1");
  else localStorage.removeItem(MUTED);
  if (muted) hush();
}

export function hush(): void {
  playing?.pause();
  playing = null;
}

/**
 * Plays a line in place of the one that plays; resolves at its end. False where it could not be
 * heard: no clip, no network and not kept yet, or a browser that plays nothing before a touch.
 */
export async function say(line: string): Promise<boolean> {
  const clip = language() === "vi" ? clipOf(line) : undefined;
  hush();
  if (!clip) return false;
  // As a whole: some browsers play from an address only where it can be asked for in ranges.
  const kept = await caches.open(HEARD);
  const response = (await caches.match(clip)) ?? (await fetch(clip).catch(() => null));
  if (!response?.ok) return false;
  await kept.put(clip, response.clone());
  const address = URL.createObjectURL(await response.blob());
  const audio = new Audio(address);
  playing = audio;
  try {
    await audio.play();
    await new Promise((resolve) => {
      for (const end of ["ended", "pause", "error"])
        audio.addEventListener(end, resolve, { once: true });
    });
    return true;
  } catch {
    return false; // not allowed before a touch, or hushed while it began
  } finally {
    URL.revokeObjectURL(address);
    if (playing === audio) playing = null;
  }
}
