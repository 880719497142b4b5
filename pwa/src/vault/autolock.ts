/** Locks the vault when nobody touches the page, and a shared tablet's when it is hidden. */
import { meta, setMeta } from "../store/db.ts";
import { current, lock, onVaultChange } from "./open.ts";

const DEFAULT_MINUTES = 5;
const TOUCHES = ["pointerdown", "keydown", "input", "scroll"] as const;

let minutes = DEFAULT_MINUTES;
let timer: ReturnType<typeof setTimeout> | undefined;
let touchedAt = 0;

export const idleMinutes = (): number => minutes;

/** 0 switches the idle lock off. @throws RangeError below 0 or above 120 */
export async function setIdleMinutes(value: number): Promise<void> {
  if (!Number.isFinite(value) || value < 0 || value > 120) throw new RangeError("0–120 minutes");
  await setMeta("idleMinutes", value);
  minutes = value;
  arm();
}

function arm(): void {
  clearTimeout(timer);
  touchedAt = Date.now();
  if (current() && minutes > 0) timer = setTimeout(lock, minutes * 60_000);
}

/** A phone that slept runs no timers: the time away counts as soon as it wakes. */
function onVisibility(): void {
  const vault = current();
  if (!vault) return;
  if (document.visibilityState === "hidden") {
    if (vault.mode === "clerk") lock();
  } else if (minutes > 0 && Date.now() - touchedAt > minutes * 60_000) lock();
}

let armedAt = 0;
function onTouch(): void {
  const now = Date.now();
  if (now - armedAt < 1000) return;
  armedAt = now;
  arm();
}

/** Starts watching; harmless where there is no document (tests, service worker). */
export function watchIdleness(): void {
  if (typeof document === "undefined") return;
  for (const touch of TOUCHES) addEventListener(touch, onTouch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", onVisibility);
  onVaultChange(arm);
  void meta<number>("idleMinutes").then((stored) => {
    minutes = stored ?? DEFAULT_MINUTES;
    arm();
  });
}
