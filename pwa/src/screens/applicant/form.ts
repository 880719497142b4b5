import { type Answers, type Draft, type FieldValues, QuotaError } from "../../drafts/index.ts";
import { t } from "../../i18n/index.ts";
import type { Values } from "./steps.ts";

const PAUSE_MS = 400;

/** What the person reads about the last change. */
export type Saving = { state: "none" | "pending" | "saved" } | { state: "failed"; text: string };

/**
 * The answers of one page on their way into the draft. A change is visible at once and committed
 * after a short pause in typing, or at once by `flush`; it counts as saved only then.
 */
export class Form {
  saving: Saving = { state: "none" };
  #local: Values = {};
  #unsaved: Values = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(
    readonly draft: Draft,
    private readonly changed: () => void,
  ) {}

  get values(): Values {
    return { ...this.draft.values(), ...this.#local };
  }

  put(values: Values): void {
    Object.assign(this.#local, values);
    Object.assign(this.#unsaved, values);
    this.saving = { state: "pending" };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush().catch(() => undefined), PAUSE_MS);
    this.changed();
  }

  /** One answer whose name is known only at run time. */
  answer(name: keyof Answers, value: unknown): void {
    this.put({ [name]: value } as unknown as Values);
  }

  /** Commits what is not committed. @throws what the draft throws; the words are in `saving` */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#last = this.#last.catch(() => undefined).then(() => this.commit());
    return this.#last;
  }

  /** Where to pick up again. A page opens all the same when that cannot be kept, and says so. */
  async place(page: string): Promise<void> {
    try {
      await this.draft.setPosition(page);
    } catch (cause) {
      this.saving = { state: "failed", text: whyUnsaved(cause) };
    }
  }

  private async commit(): Promise<void> {
    const batch = this.#unsaved;
    if (Object.keys(batch).length === 0) return;
    this.#unsaved = {};
    try {
      await this.draft.setAll(batch as Partial<FieldValues>);
      this.release(batch);
      if (Object.keys(this.#unsaved).length === 0) this.saving = { state: "saved" };
    } catch (cause) {
      this.#unsaved = { ...batch, ...this.#unsaved };
      this.saving = { state: "failed", text: whyUnsaved(cause) };
      throw cause;
    } finally {
      this.changed();
    }
  }

  /** What is kept shows as the draft has it, so that a later answer of another tab shows here. */
  private release(kept: Values): void {
    for (const name of Object.keys(kept) as (keyof Values)[])
      if (!(name in this.#unsaved)) delete this.#local[name];
  }
}

/** Why something could not be kept on the device, in plain words. */
export function whyUnsaved(cause: unknown): string {
  if (cause instanceof QuotaError) return t("error.quota");
  const { code = "" } = (cause ?? {}) as { code?: string };
  if (code === "not_found") return t("error.store_lost");
  return code === "locked" ? t("error.locked") : t("error.unsaved");
}
