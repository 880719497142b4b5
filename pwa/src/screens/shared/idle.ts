import { html, nothing, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import { t } from "../../i18n/index.ts";
import { QuotaError } from "../../store/db.ts";
import { current, idleMinutes, setIdleMinutes } from "../../vault/index.ts";

const CHOICES = [1, 2, 5, 10, 30] as const;
/** Only on a person's own phone: a tablet is not put down with somebody's dossier open. */
const OWN = [60, 120] as const;

/** After how long without a touch this device locks by itself. */
export class IdleLock extends Light {
  static override properties = { problem: { state: true } };
  private problem: string | null = null;

  protected override render(): TemplateResult {
    const now = idleMinutes();
    const offered = current()?.mode === "own" ? [...CHOICES, ...OWN] : CHOICES;
    const minutes = [...new Set([...offered, now])].sort((a, b) => a - b);
    return html`<div class="field">
      <label for="idle">${t("idle.label")}</label>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <select id="idle" class="input" autocomplete="off" data-idle @change=${this.change}>
        ${minutes.map(
          (count) =>
            html`<option value=${count} ?selected=${count === now}>${
              count === 0 ? t("idle.never") : t("idle.minutes", { count })
            }</option>`,
        )}
      </select>
    </div>`;
  }

  private async change(event: Event): Promise<void> {
    this.problem = null;
    try {
      await setIdleMinutes(Number((event.target as HTMLSelectElement).value));
    } catch (cause) {
      if (!(cause instanceof QuotaError)) throw cause;
      this.problem = t("error.quota");
    }
  }
}

customElements.define("db-idle", IdleLock);
