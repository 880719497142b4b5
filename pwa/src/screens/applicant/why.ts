import laws from "@dossier/data/laws.json";
import { html, nothing, type TemplateResult } from "lit";
import { inLanguage, t } from "../../i18n/index.ts";
import type { Step } from "./steps.ts";
import { w } from "./words/index.ts";

interface Law {
  cite: string;
  vi: string;
  en: string;
}

export const lawOf = (key: string | null | undefined): Law | undefined =>
  key ? (laws.laws as Record<string, Law>)[key] : undefined;

/** The "?" of a page: the reason in plain words, and the law behind it. */
export function why(step: Step): TemplateResult | typeof nothing {
  if (!step.why) return nothing;
  const law = lawOf(step.law);
  return html`<details class="why">
    <summary>${t("app.why")}</summary>
    <div>
      <p>${w(step.why)}</p>
      ${law ? html`<p class="quiet small">${inLanguage(law)} (${law.cite})</p>` : nothing}
    </div>
  </details>`;
}
