import { html, nothing, svg, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { heard, hush, say } from "../../app/voice.ts";
import { t } from "../../i18n/index.ts";

const LOUDSPEAKER = svg`<path d="M4 9v6h4l5 4V5L8 9H4z" fill="currentColor"></path>
  <path d="M16 8.5a5 5 0 0 1 0 7M18.5 6a8.5 8.5 0 0 1 0 12" fill="none" stroke="currentColor" stroke-width="2"></path>`;

/** Reads a page aloud at a touch, and stops at the next. */
export class Listen extends Light {
  static override properties = {
    line: { attribute: false },
    playing: { state: true },
    silent: { state: true },
  };

  line = "";
  private playing = false;
  private silent = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(hush);
  }

  private readonly press = async (): Promise<void> => {
    if (this.playing) return hush();
    this.playing = true;
    this.silent = !(await say(this.line));
    this.playing = false;
  };

  protected override render(): TemplateResult | typeof nothing {
    if (!heard(this.line)) return nothing;
    const label = t(this.playing ? "app.stop_listening" : "app.listen");
    return html`<button type="button" class="listen" data-listen aria-label=${label} aria-pressed=${this.playing}
        @click=${this.press}>
        <svg viewBox="0 0 24 24" width="32" height="32" aria-hidden="true">${LOUDSPEAKER}</svg>
        <span class="small">${t("app.machine_voice")}</span>
      </button>
      ${this.silent ? html`<p class="quiet small" role="status">${t("app.no_voice")}</p>` : nothing}`;
  }
}

customElements.define("db-listen", Listen);
