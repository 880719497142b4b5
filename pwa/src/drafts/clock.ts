/**
 * Hybrid logical clock: base36 milliseconds, ".", base36 counter. Later than everything this
 * device has seen even when its wall clock is years off.
 */
export type Stamp = string;

/** The last moment a Date can hold. */
const LATEST = 8.64e15;

const parts = (stamp: Stamp): [number, number] => {
  const [millis = "", counter = ""] = stamp.split(".");
  return [Number.parseInt(millis, 36) || 0, Number.parseInt(counter, 36) || 0];
};

/** Wall clock of the device that drew the stamp, ISO. */
export const timeOf = (stamp: Stamp): string =>
  new Date(Math.min(parts(stamp)[0], LATEST)).toISOString();

export function compareStamps(a: Stamp, b: Stamp): number {
  const [am, ac] = parts(a);
  const [bm, bc] = parts(b);
  return am - bm || ac - bc;
}

export class Clock {
  private last: [number, number] = [0, 0];
  constructor(private readonly now: () => number = Date.now) {}

  see(stamp: Stamp): void {
    const [millis, counter] = parts(stamp);
    const [lastMillis, lastCounter] = this.last;
    if (millis > lastMillis || (millis === lastMillis && counter > lastCounter))
      this.last = [millis, counter];
  }

  tick(): Stamp {
    const wall = this.now();
    const [millis, counter] = this.last;
    this.last = wall > millis ? [wall, 0] : [millis, counter + 1];
    return this.last.map((part) => part.toString(36)).join(".");
  }
}
