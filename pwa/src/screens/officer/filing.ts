import { type DeskDossier, fetchDossier, fetchQueue, type Queue, type Wanted } from "./model.ts";

/** The state in which a dossier waits for an officer. */
const TO_DECIDE = "forwarded";

/** The queue as it was last read, and the one dossier taken from it. In memory only. */
export class Filing {
  queue: Queue | null = null;
  chosen: string | null = null;
  dossier: DeskDossier | null = null;
  wanted: Wanted = { q: "", state: TO_DECIDE };
  /** Decided here; the server's queue names them until the decision leaves. */
  #taken = new Set<string>();
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
    this.queue = this.untaken({ ...next, items });
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

  take(dossier: string): void {
    this.#taken.add(dossier);
    if (this.queue) this.queue = this.untaken(this.queue);
    this.changed();
  }

  putBack(dossier: string): void {
    this.#taken.delete(dossier);
  }

  private untaken(queue: Queue): Queue {
    return { ...queue, items: queue.items.filter(({ dossier }) => !this.#taken.has(dossier)) };
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
