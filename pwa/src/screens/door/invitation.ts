import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { navigate } from "../../app/router.ts";
import { showInstant } from "../../i18n/index.ts";
import { acceptInvitation, inspectInvitation } from "../../identity/index.ts";
import { createVault } from "../../vault/index.ts";
import type { NewPasskey } from "../../vault/passkey.ts";
import { entered, takeUp } from "../clerk/shift.ts";
import type { Answered } from "../shared/field.ts";
import "../shared/field.ts";
import { whyRefused } from "../shared/problem.ts";
import "../shared/summary.ts";
import type { Trouble } from "../shared/summary.ts";
import { homeOf } from "./entered.ts";
import { d } from "./words/index.ts";

type Invitation = Awaited<ReturnType<typeof inspectInvitation>>;

/** What an invitation gives, and the button that makes the passkey and uses the invitation up. */
export class InvitationPage extends Page {
  static override properties = {
    ...Page.properties,
    invitation: { state: true },
    problem: { state: true },
    troubles: { state: true },
    busy: { state: true },
  };

  private invitation: Invitation | null = null;
  private name = "";
  private problem: string | null = null;
  private troubles: readonly Trouble[] = [];
  private busy = false;

  private get token(): string {
    return location.hash.slice(1);
  }

  protected override async load(): Promise<void> {
    if (!this.token) {
      this.problem = d("invitation.none");
      return;
    }
    try {
      this.invitation = await inspectInvitation(this.token);
    } catch (cause) {
      this.problem = whyRefused(cause);
    }
  }

  protected override content(): TemplateResult {
    return html`
      <db-summary .troubles=${this.troubles}></db-summary>
      <h1>${d("invitation.title")}</h1>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.invitation ? this.form(this.invitation) : nothing}`;
  }

  private form({ role, point, expires_at }: Invitation): TemplateResult {
    const question = {
      name: "name",
      kind: "text" as const,
      label: d("invitation.name"),
      hint: d("invitation.name_hint"),
      autocomplete: "name",
    };
    return html`
      <dl class="pairs">
        <div><dt>${d("invitation.role")}</dt><dd class="large">${d(`role.${role}`)}</dd></div>
        ${point ? html`<div><dt>${d("invitation.point")}</dt><dd class="large">${point.name}</dd></div>` : nothing}
        <div><dt>${d("invitation.until")}</dt><dd>${showInstant(expires_at)}</dd></div>
      </dl>
      <form @submit=${this.accept} novalidate>
        <db-field .question=${question} .value=${this.name || undefined}
          .problem=${this.troubles[0]?.text ?? null} @answer=${this.onName}></db-field>
        <p>${d("invitation.text")}</p>
        <div class="foot">
          <button class="button" data-accept ?disabled=${this.busy}>${d("invitation.button")}</button>
        </div>
      </form>`;
  }

  private readonly onName = ({ detail }: CustomEvent<Answered>): void => {
    this.name = String(detail.value ?? "");
  };

  private readonly accept = async (event: Event): Promise<void> => {
    event.preventDefault();
    this.troubles = this.name ? [] : [{ field: "name", text: d("invitation.name_needed") }];
    if (this.troubles.length > 0) return;
    this.busy = true;
    this.problem = null;
    try {
      const { passkey, ...session } = await acceptInvitation(this.token, this.name);
      if (session.role === "clerk") entered(session);
      navigate(homeOf(session), { replace: true });
      if (session.role === "clerk" && passkey) await lockWith(passkey);
    } catch (cause) {
      this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  };
}

/** A clerk's first passkey also locks the tablet, where it gives a PRF result. */
async function lockWith(passkey: NewPasskey): Promise<void> {
  await takeUp(await createVault({ mode: "clerk", guard: { kind: "passkey", passkey } }));
}

customElements.define("db-invitation", InvitationPage);
