import { html, nothing, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { showDay, showInstant, t } from "../../i18n/index.ts";
import { ApiError, api, signIn } from "../../identity/index.ts";
import { listVaults } from "../../vault/index.ts";
import { whyRefused } from "../shared/problem.ts";
import { type Device, devicesOf, type GrantLine } from "./list.ts";
import "./passkeys.ts";
import { type DeviceKey, m } from "./words/index.ts";

type Deed = "revoke" | "lose";
const TONES = { able: "done", signIn: "wait", lost: "must" } as const;

/** The devices of the signed-in account: which they are, and an end to what one of them may do. */
export class MyDevicesPage extends Page {
  static override properties = {
    ...Page.properties,
    view: { state: true },
    devices: { state: true },
    asked: { state: true },
    problem: { state: true },
    done: { state: true },
    busy: { state: true },
  };

  private view: "list" | "offline" | "signed_out" = "list";
  private devices: readonly Device[] = [];
  private asked: { device: string; deed: Deed } | null = null;
  private problem: string | null = null;
  private done: string | null = null;
  private busy = false;

  override get back(): string | null {
    return this.whose === "clerk" ? "/nhan-vien" : "/ho-so";
  }

  /** A clerk comes from the tablet's own page. */
  private get whose(): "applicant" | "clerk" {
    return this.query.get("role") === "clerk" ? "clerk" : "applicant";
  }

  protected override async load(): Promise<void> {
    try {
      const grants = await api<GrantLine[]>(`/grants?role=${this.whose}`);
      const mine = new Set((await listVaults()).map(({ device }) => device));
      this.devices = devicesOf(grants, mine, new Date().toISOString());
      this.view = "list";
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      if (cause.code !== "offline" && cause.status !== 401) throw cause;
      this.view = cause.status === 401 ? "signed_out" : "offline";
    }
  }

  protected override content(): TemplateResult {
    return html`
      <h1>${m("title")}</h1>
      ${this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing}
      ${this.done ? html`<p class="note" role="status" data-done>${this.done}</p>` : nothing}
      ${this.view === "list" ? this.list() : this.notYet()}`;
  }

  /** What must come first: a network, or a sign-in. */
  private notYet(): TemplateResult {
    const signedOut = this.view === "signed_out";
    return html`
      <p class="note ${signedOut ? "" : "wait"}" data-view=${this.view}>${m(signedOut ? "sign_in_text" : "offline")}</p>
      <div class="foot">
        ${
          signedOut
            ? html`<button class="button" type="button" data-sign-in ?disabled=${this.busy}
                @click=${() => this.try(async () => void (await signIn(this.whose)))}>${m("sign_in")}</button>`
            : html`<button class="button" type="button" data-retry ?disabled=${this.busy}
                @click=${() => this.try(async () => undefined)}>${t("app.retry")}</button>`
        }
      </div>`;
  }

  private list(): TemplateResult {
    if (this.devices.length === 0) return html`<p>${m("none")}</p>`;
    return html`<p>${m("text")}</p>${this.devices.map((device) => this.card(device))}
      <db-passkeys .who=${this.whose}></db-passkeys>`;
  }

  private card(device: Device): TemplateResult {
    const { state, here } = device;
    return html`<article class="card" data-device=${device.device} data-state=${state}>
      <h2>${nameOf(device)}</h2>
      <p>
        ${here ? html`<span class="chip" data-here>${m("here")}</span>` : nothing}
        <span class="chip ${TONES[state]}">${m(state)}</span>
      </p>
      <p class="quiet">
        ${m("since", { date: showDay(device.since) })}<br />${m("seen", { at: showInstant(device.seenAt) })}
      </p>
      ${state === "lost" ? html`<p>${m("lost_text")}</p>` : nothing}
      ${here || state === "lost" ? nothing : this.deeds(device)}
    </article>`;
  }

  private deeds(device: Device): TemplateResult {
    if (this.asked?.device === device.device) return this.sure(device, this.asked.deed);
    const ask = (deed: Deed): TemplateResult =>
      html`<button class="button second" type="button" data-deed=${deed} @click=${() => this.ask(device, deed)}>${m(deed)}</button>`;
    return html`<div class="row">
      ${device.state === "able" ? ask("revoke") : nothing} ${ask("lose")}
    </div>`;
  }

  /** What will happen, before it does: neither can be taken back. */
  private sure(device: Device, deed: Deed): TemplateResult {
    return html`<section class="note must" data-sure=${deed}>
      <h3 tabindex="-1">${m(`${deed}_title`)}</h3>
      <ul>${([1, 2, 3] as const).map((n) => html`<li>${m(`${deed}_${n}`)}</li>`)}</ul>
      <div class="row">
        <button class="button" type="button" data-no ?disabled=${this.busy} @click=${this.leave}>${m("no")}</button>
        <button class="button second" type="button" data-yes ?disabled=${this.busy}
          @click=${() => this.end(device, deed)}>${m(`${deed}_yes`)}</button>
      </div>
    </section>`;
  }

  private async ask({ device }: Device, deed: Deed): Promise<void> {
    this.asked = { device, deed };
    this.done = null;
    this.problem = null;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-sure] h3")?.focus();
  }

  private readonly leave = (): void => {
    this.asked = null;
  };

  private end(device: Device, deed: Deed): Promise<void> {
    return this.try(async () => {
      const query = deed === "lose" ? "&lost=true" : "";
      for (const grant of device.grants)
        await api(`/grants/${grant}?role=${this.whose}${query}`, { method: "DELETE" });
      this.asked = null;
      this.done = m(deed === "lose" ? "told_lost" : "revoked", { name: nameOf(device) });
    });
  }

  /** Does it, and shows the devices as the server knows them afterwards. */
  private async try(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
      await this.load();
      await this.updateComplete;
      this.focusHeading();
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 401) this.view = "signed_out";
      else this.problem = whyRefused(cause);
    } finally {
      this.busy = false;
    }
  }
}

/** A kind that this version of the app has no words for is another one. */
function nameOf({ browser, system }: Device): string {
  const word = (key: string, other: DeviceKey): string => m(key as DeviceKey) ?? m(other);
  return m("name", {
    browser: word(`browser.${browser}`, "browser.other"),
    system: word(`system.${system}`, "system.other"),
  });
}

customElements.define("db-my-devices", MyDevicesPage);
