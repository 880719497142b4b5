import { html, type TemplateResult } from "lit";
import { Page } from "../../app/page.ts";
import { showInstant } from "../../i18n/index.ts";
import { api, type Session, session } from "../../identity/index.ts";
import "../door/sign-in.ts";
import { o } from "./words/index.ts";

interface Device {
  device: string;
  seen_at: string;
  /** Dossiers of its owner of which something has not arrived. */
  incomplete: number;
  /** By how many hours its clock was ahead at least; 0: not seen to be. */
  ahead_hours: number;
}

interface Missed {
  days: number;
  devices: readonly Device[];
}

/** For whoever looks after the devices: which still owe something and are silent, whose clock is off. */
export class DevicesPage extends Page {
  static override properties = { ...Page.properties, person: { state: true } };

  private person: Session | null = null;
  private missed: Missed = { days: 0, devices: [] };

  protected override async load(): Promise<void> {
    this.person = (await session("admin")) ?? (await session("officer"));
    if (this.person) this.missed = await api<Missed>("/desk/devices");
  }

  private readonly onSignedIn = async (): Promise<void> => {
    await this.load();
    this.requestUpdate();
  };

  protected override content(): TemplateResult {
    if (!this.person)
      return html`<db-sign-in class="narrow" .who=${"admin"} @signed-in=${this.onSignedIn}></db-sign-in>`;
    const { days, devices } = this.missed;
    return html`
      <h1>${o("devices.title")}</h1>
      <p>${o("devices.text", { days: String(days) })}</p>
      ${
        devices.length === 0
          ? html`<p class="note done" role="status">${o("devices.none")}</p>`
          : html`<ul class="plain">${devices.map(item)}</ul>`
      }`;
  }
}

function item({ device, seen_at, incomplete, ahead_hours }: Device): TemplateResult {
  return html`<li class="note ${incomplete ? "must" : "wait"}" data-device=${device}>
    <p><strong class="code">${device.slice(0, 8)}</strong> · ${o("devices.seen", { at: showInstant(seen_at) })}</p>
    ${incomplete ? html`<p>${o("devices.incomplete", { count: String(incomplete) })}</p>` : ""}
    ${ahead_hours ? html`<p>${o("devices.ahead", { hours: ahead_hours.toLocaleString() })}</p>` : ""}
  </li>`;
}

customElements.define("db-devices", DevicesPage);
