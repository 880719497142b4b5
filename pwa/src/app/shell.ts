import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { language, restoreLanguage, setLanguage, t } from "../i18n/index.ts";
import { isTrial } from "../seal/intake.ts";
import { onStoreLost } from "../store/db.ts";
import { network, onNetwork } from "../sync/index.ts";
import { clockOffset } from "../sync/state.ts";
import { current, listVaults, lock, onVaultChange } from "../vault/index.ts";
import { announceSending } from "./announce.ts";
import { holdClaim, TAKE } from "./claim-link.ts";
import { Light } from "./light.ts";
import "../screens/applicant/home.ts";
import type { Page } from "./page.ts";
import { match, navigate, onNavigate, type Route, startRouter } from "./router.ts";
import { notFound, routes } from "./routes.ts";
import { detour, helping, TABLET } from "./tablet.ts";
import { onUpdate, updateWaiting, useUpdate } from "./update.ts";

/** "Hồ sơ của tôi" of whoever is asked for first. */
const UNLOCK = "/mo-khoa";
/** Milliseconds. Less changes no date that is asked for. */
const CLOCK_MAY_BE_OFF = 86_400_000;

/** The frame around every page: header, the page itself, and one polite voice. */
export class Shell extends Light {
  static override properties = {
    page: { state: true },
    said: { state: true },
    trial: { state: true },
    storeLost: { state: true },
  };

  private page: Page | null = null;
  private said = "";
  private trial = false;
  private storeLost = false;
  private turn = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    holdClaim();
    startRouter();
    this.until(onNavigate(() => void this.show()));
    this.until(onVaultChange(() => void this.show()));
    this.until(onNetwork(() => this.requestUpdate()));
    this.until(onUpdate(() => this.requestUpdate()));
    this.until(
      onStoreLost(() => {
        this.storeLost = true;
      }),
    );
    this.until(announceSending((text) => this.say(text)));
    this.addEventListener("page-ready", () => this.requestUpdate());
    this.addEventListener("say", (event) => this.say((event as CustomEvent<string>).detail));
    void restoreLanguage().then(() => this.show());
  }

  /** Speaks through the live region; the same text twice is spoken twice. */
  say(text: string): void {
    this.said = this.said === text ? `${text}\u00a0` : text;
  }

  private async show(): Promise<void> {
    const turn = ++this.turn;
    holdClaim();
    void isTrial().then((trial) => {
      this.trial = trial;
    });
    const place = match(routes, location.pathname, location.search);
    const elsewhere = detour(place);
    const instead = elsewhere && (await elsewhere);
    if (instead) return navigate(instead, { replace: true });
    if (helping() && !customElements.get("db-clerk-aside"))
      await this.bring(() => import("../screens/clerk/aside.ts"));
    let route = place?.route ?? notFound;
    if (route.vault && !current()) route = await doorOf(route, place?.query.has("khac") ?? false);
    if (!customElements.get(route.tag)) await this.bring(route.load);
    if (turn !== this.turn) return;
    const page = document.createElement(route.tag) as Page;
    page.params = place?.params ?? {};
    page.query = place?.query ?? new URLSearchParams();
    this.page = page;
    window.scrollTo(0, 0);
  }

  private async bring(load: (() => Promise<unknown>) | undefined): Promise<void> {
    try {
      await load?.();
    } catch (unreachable) {
      console.error(unreachable);
      this.say(t("page.failed_part"));
    }
  }

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    this.removeAttribute("aria-busy");
  }

  protected override render(): TemplateResult {
    const back = helping() && this.page?.back === "/" ? TABLET : (this.page?.back ?? null);
    return html`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      <header class="bar">
        ${
          back
            ? html`<a class="plain" href=${back} data-back>← ${t("app.back")}</a>`
            : html`<p class="brand">${t("app.name")}</p>`
        }
        <span class="spring"></span>
        ${
          current()
            ? html`<button class="plain" type="button" @click=${this.lockUp}>${t("app.lock")}</button>`
            : nothing
        }
        <button class="plain" type="button" lang=${language() === "vi" ? "en" : "vi"} @click=${this.switchLanguage}>
          ${t("app.language")}
        </button>
        ${network() === "offline" ? html`<p class="offline" role="status">${t("app.offline")}</p>` : nothing}
      </header>
      ${this.storeLost ? html`<div class="note must" role="alert" data-lost><p>${t("error.store_lost")}</p></div>` : nothing}
      ${this.clockWarning()}
      ${this.updateOffer()}
      ${helping() ? this.besideClerk() : nothing}
      <main id="main" class=${this.page?.wide ? "wide" : ""} tabindex="-1">${this.page ?? nothing}</main>
      ${this.trial ? html`<footer class="trial">${t("app.trial")}</footer>` : nothing}
      <div class="visually-hidden" role="status" aria-live="polite">${this.said}</div>`;
  }

  /** The clerk's name above the applicant's pages, today's list beside them. */
  private besideClerk(): TemplateResult {
    const { dossier, sent } = this.page?.params ?? {};
    const band = dossier ? html`<db-helping-band></db-helping-band>` : nothing;
    return html`${band}<db-clerk-aside .chosen=${dossier ?? sent ?? null}></db-clerk-aside>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.classList.toggle("tablet", helping());
    this.classList.toggle("between", location.pathname === TABLET);
  }

  /** Dates are checked against this clock before anything is sent. */
  private clockWarning(): TemplateResult | typeof nothing {
    const off = clockOffset();
    if (Math.abs(off) < CLOCK_MAY_BE_OFF) return nothing;
    const day = (at: number): string => new Date(at).toLocaleDateString(language());
    const words = { here: day(Date.now()), there: day(Date.now() + off) };
    return html`<div class="note must" role="status" data-clock><p>${t("app.clock", words)}</p></div>`;
  }

  /** Only on the home page: a form that is open is never replaced under the person's hands. */
  private updateOffer(): TemplateResult | typeof nothing {
    if (!updateWaiting() || location.pathname !== "/" || this.page?.holdsWork) return nothing;
    return html`<div class="note">
      <p>${t("app.update")}</p>
      <button class="button second" type="button" @click=${useUpdate}>${t("app.update_now")}</button>
    </div>`;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.page?.focusHeading();
  }

  /** Where several people share a phone, the next one is asked for at once. */
  private async lockUp(): Promise<void> {
    const tablet = helping();
    lock();
    const several = (await listVaults()).filter(({ sealed }) => !sealed).length > 1;
    navigate(tablet ? TABLET : several ? UNLOCK : "/", { replace: true });
  }

  private async switchLanguage(): Promise<void> {
    try {
      await setLanguage(language() === "vi" ? "en" : "vi");
    } catch {
      this.say(t("app.language_failed"));
    }
  }
}

/**
 * Without an open vault: the page that opens one, or that makes the first or another. A borrowed
 * phone's vault that was sealed by sending can only be told about, not opened.
 */
async function doorOf({ path }: Route, another: boolean): Promise<Route> {
  const vaults = await listVaults();
  if (vaults.find(({ sealed }) => !sealed)?.mode === "clerk" && !another) {
    return { path, tag: "db-clerk", load: () => import("../screens/clerk/clerk.ts") };
  }
  const begins = path === "/to-khai/moi" || path === TAKE || vaults.length === 0;
  return another || (begins && vaults.every(({ sealed }) => sealed))
    ? { path, tag: "db-whose", load: () => import("../screens/applicant/whose.ts") }
    : { path, tag: "db-unlock", load: () => import("../screens/shared/unlock.ts") };
}

customElements.define("doibang-app", Shell);
