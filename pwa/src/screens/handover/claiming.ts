/** Takes a dossier by its code, and tries again by itself for as long as that may help. */
import { type Taken, take } from "../../drafts/index.ts";
import { ApiError } from "../../identity/index.ts";
import { onNetwork, syncNow } from "../../sync/index.ts";

export type Code = { secret: string } | { typed: string; date_of_birth: string };

/** `at`: when it is tried again by itself (ISO). `said`: the server's own words. */
export interface Waiting {
  readonly why:
    | "taking"
    | "not_ready"
    | "offline"
    | "unknown_qr"
    | "unknown"
    | "clerk_needed"
    | "said"
    | "failed";
  readonly at: string | null;
  readonly said?: { vi: string; en: string };
}

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 60_000;
/** A code that the server does not know is asked about less often: it counts such tries. */
const UNKNOWN_WAIT = 20_000;

export class Claiming {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private tries = 0;
  private busy = false;
  private ended = false;
  private readonly ends: (() => void)[] = [];

  constructor(
    readonly code: Code,
    private readonly told: (waiting: Waiting) => void,
    private readonly done: (taken: Taken) => void,
  ) {
    const online = (): void => void this.now();
    addEventListener("online", online);
    this.ends.push(() => removeEventListener("online", online));
    this.ends.push(onNetwork((network) => network === "online" && this.timer && void this.now()));
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    for (const end of this.ends.splice(0)) end();
  }

  async now(): Promise<void> {
    if (this.busy || this.ended) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.told({ why: "taking", at: null });
    try {
      const taken = await take(this.code);
      if (this.ended) return;
      this.end();
      this.done(taken);
    } catch (cause) {
      if (!this.ended) await this.failed(cause);
    } finally {
      this.busy = false;
    }
  }

  private async failed(cause: unknown): Promise<void> {
    // Fetching the intake keys speaks as fetch does.
    const code =
      cause instanceof ApiError ? cause.code : cause instanceof TypeError ? "offline" : "";
    if (code === "offline") return this.again("offline");
    if (code === "claim_not_ready") return this.again("not_ready");
    if (code === "clerk_needed") return this.told({ why: "clerk_needed", at: null });
    if (code === "claim_unknown" && "secret" in this.code)
      return this.again("unknown_qr", UNKNOWN_WAIT);
    if (code === "claim_unknown") return this.told({ why: "unknown", at: null });
    if (code === "grant_needed" && this.tries === 0) {
      await syncNow(); // the server may not have this vault's grant yet
      return this.again("offline");
    }
    if (!(cause instanceof ApiError)) {
      console.error(cause);
      return this.told({ why: "failed", at: null });
    }
    if (cause.status === 429 || cause.status >= 500)
      return this.again("said", (cause.retryAfter ?? 30) * 1000, cause.text);
    this.told({ why: "said", at: null, said: cause.text });
  }

  private again(why: Waiting["why"], least = FIRST_WAIT, said?: Waiting["said"]): void {
    const wait = Math.max(least, Math.min(FIRST_WAIT * 1.5 ** this.tries++, LONGEST_WAIT));
    this.timer = setTimeout(() => void this.now(), wait);
    const at = new Date(Date.now() + wait).toISOString();
    this.told({ why, at, ...(said ? { said } : {}) });
  }
}
