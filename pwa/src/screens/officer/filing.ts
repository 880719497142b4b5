import { type DeskDossier, fetchDossier, fetchQueue, type Queue, type Wanted } from "./model.ts";

/** The state in which a dossier waits for an officer. */
const TO_DECIDE = "forwarded";
/** A decision leaves after half a minute; the worker may be a little behind. */
const LEAVES_WITHIN_MS = 60_000;

/** The queue as it was last read, and the one dossier taken from it. In memory only. */
export class Filing {
  queue: Queue | null = null;
  chosen: string | null = null;
  dossier: DeskDossier | null = null;
  wanted: Wanted = { q: "", state: TO_DECIDE };
  /** Decided here, with until when (ms): so long the server's queue may still name them. */
  #taken = new Map<string, number>();
  #reading: AbortController | null = null;
  #opening: AbortController | null = null;

  constructor(private readonly changed: () => void) {}

  /** @throws ApiError */
  async begin(dossier: string | null): Promise<void> {
    await this.refresh();
    await this.open(dossier);
  }

  /** Reads the queue anew from its top; an older read that is still under way is dropped. */
  async refresh(): Promise<void> {
    this.#reading?.abort();
    this.#reading = new AbortController();
    this.queue = this.untaken(await fetchQueue(this.wanted, this.#reading.signal));
    this.changed();
  }

  async filter(wanted: Wanted): Promise<void> {
    this.wanted = wanted;
    await this.refresh();
  }

  async more(): Promise<void> {
    const { queue } = this;
    if (!queue?.cursor) return;
    const next = await fetchQueue({ ...this.wanted, cursor: queue.cursor });
    const seen = new Set(queue.items.map(({ dossier }) => dossier));
    const items = [...queue.items, ...next.items.filter(({ dossier }) => !seen.has(dossier))];
    this.queue = { ...this.untaken({ ...next, items }), counts: queue.counts };
    this.changed();
  }

  async open(dossier: string | null): Promise<void> {
    this.#opening?.abort();
    const opening = new AbortController();
    this.#opening = opening;
    if (dossier !== this.chosen) this.dossier = null;
    this.chosen = dossier;
    this.changed();
    if (!dossier) return;
    const opened = await fetchDossier(dossier, opening.signal);
    if (this.#opening !== opening) return;
    this.dossier = opened;
    this.changed();
  }

  /** Opens the dossier again until the worker has done what was asked for, a few times at most. */
  async await(dossier: string, pauses: readonly number[] = [500, 1000, 2000, 4000]): Promise<void> {
    const seen = (): string => JSON.stringify([this.dossier?.version, this.dossier?.wait]);
    const before = seen();
    for (const pause of pauses) {
      await new Promise((wake) => setTimeout(wake, pause));
      if (this.chosen !== dossier) return;
      await this.open(dossier);
      if (seen() !== before) break;
    }
    await this.refresh();
  }

  take(dossier: string, now = Date.now()): void {
    this.#taken.set(dossier, now + LEAVES_WITHIN_MS);
    if (this.queue) this.queue = this.untaken(this.queue);
    this.changed();
  }

  putBack(dossier: string): void {
    this.#taken.delete(dossier);
  }

  /** The queue, its counts too, as it is once the decisions made here have left. */
  private untaken(queue: Queue, now = Date.now()): Queue {
    const gone = (dossier: string): boolean => (this.#taken.get(dossier) ?? 0) > now;
    const counts: Record<string, number> = { ...queue.counts };
    for (const { dossier, state } of queue.items)
      if (gone(dossier)) counts[state] = Math.max(0, (counts[state] ?? 0) - 1);
    return { ...queue, counts, items: queue.items.filter(({ dossier }) => !gone(dossier)) };
  }

  /** The dossier after (1) or before (-1) the chosen one; the first where none is chosen. */
  neighbour(by: 1 | -1): string | null {
    const items = this.queue?.items ?? [];
    const at = items.findIndex(({ dossier }) => dossier === this.chosen);
    if (at < 0) return items[0]?.dossier ?? null;
    return items[at + by]?.dossier ?? items[at - by]?.dossier ?? null;
  }

  /** Forgets everything that was read. */
  close(): void {
    this.#reading?.abort();
    this.#opening?.abort();
    this.queue = null;
    this.dossier = null;
    this.chosen = null;
    this.#taken.clear();
    this.changed();
  }
}
