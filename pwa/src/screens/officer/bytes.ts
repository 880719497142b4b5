import { ApiError } from "../../identity/index.ts";
import { photoAddress } from "./model.ts";

/** The photos of one opened dossier: bytes in memory only, object URLs gone with `close`. */
export class PhotoBytes {
  #urls = new Map<string, string>();
  #ended = new AbortController();

  constructor(private readonly dossier: string) {}

  url(photo: string): string | undefined {
    return this.#urls.get(photo);
  }

  /** @throws ApiError, DOMException AbortError after `close` */
  async load(photo: string): Promise<string> {
    const known = this.#urls.get(photo);
    if (known) return known;
    const bytes = await this.fetch(photo);
    this.#ended.signal.throwIfAborted();
    const url = URL.createObjectURL(bytes);
    this.#urls.set(photo, url);
    return url;
  }

  private async fetch(photo: string): Promise<Blob> {
    const init = {
      cache: "no-store",
      credentials: "same-origin",
      signal: this.#ended.signal,
    } as const;
    const answer = await fetch(photoAddress(this.dossier, photo), init);
    if (answer.ok) return answer.blob();
    const { code = "unreadable", message } = (await answer.json()) as {
      code?: string;
      message: Words;
    };
    throw new ApiError(answer.status, code, message);
  }

  close(): void {
    this.#ended.abort();
    for (const url of this.#urls.values()) URL.revokeObjectURL(url);
    this.#urls.clear();
  }
}

type Words = { vi: string; en: string };
