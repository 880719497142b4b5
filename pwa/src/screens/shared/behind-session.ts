import type { PropertyDeclarations } from "lit";
import { Light } from "../../app/light.ts";
import { ApiError, signIn } from "../../identity/index.ts";
import { whyRefused } from "./problem.ts";

/** A part that the server fills for a signed-in person: asked when it is looked at, else a door. */
export abstract class BehindSession extends Light {
  static override properties: PropertyDeclarations = {
    problem: { state: true },
    signedOut: { state: true },
    busy: { state: true },
  };

  protected problem: string | null = null;
  protected signedOut = false;
  protected busy = false;

  protected abstract load(): Promise<void>;

  protected get signsInAs(): Parameters<typeof signIn>[0] {
    return "applicant";
  }

  protected async guarded(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
      this.signedOut = false;
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 401) this.signedOut = true;
      else this.failed(cause);
    } finally {
      this.busy = false;
    }
  }

  protected failed(cause: unknown): void {
    this.problem = whyRefused(cause);
  }

  protected readonly enter = (): Promise<void> =>
    this.guarded(async () => {
      await signIn(this.signsInAs);
      await this.load();
    });
}
