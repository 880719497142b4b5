import "../../styles/handover.css";
import { html, nothing, type TemplateResult } from "lit";
import type { ClaimCode } from "../../drafts/index.ts";
import { showInstant, showSlip, t } from "../../i18n/index.ts";
import "../shared/qr-picture.ts";
import { claimLink } from "./code-card.ts";
import { h } from "./words/index.ts";

export type Paper = "a6" | "roll";

/** What the paper says. `follow`: it was sent, so its slip code finds it. */
export interface Slip {
  readonly code: ClaimCode;
  readonly until: string | null;
  readonly birth: boolean;
  readonly slip: string;
  readonly lines: readonly string[];
  readonly sent: boolean;
  readonly point: string | null;
  readonly trial: boolean;
}

/** Margins of the roll above and below, and a little to tear it off. */
const AROUND_MM = 10;
const PIXELS_PER_MM = 96 / 25.4;
/** The roll as long as what is printed on it: a printer feeds the rest of a page as blank paper. */
const roll = new CSSStyleSheet();

function measureRoll(slip: HTMLElement): void {
  slip.classList.add("measured");
  const { height } = slip.getBoundingClientRect();
  slip.classList.remove("measured");
  const length = Math.ceil(height / PIXELS_PER_MM) + AROUND_MM;
  roll.replaceSync(`@page roll { size: 58mm ${length}mm; margin: 3mm 5mm; }`);
  if (!document.adoptedStyleSheets.includes(roll)) document.adoptedStyleSheets.push(roll);
}

/** The slip alone on its paper: everything else of the page is left out while it prints. */
function printOn(paper: Paper): void {
  const { dataset } = document.documentElement;
  const slip = document.querySelector<HTMLElement>(".slip");
  if (slip && paper === "roll") measureRoll(slip);
  dataset.paper = paper;
  addEventListener(
    "afterprint",
    () => {
      delete dataset.paper;
    },
    { once: true },
  );
  print();
}

/** Seen on paper only. */
export function slipPaper(slip: Slip): TemplateResult {
  const { host } = location;
  return html`<section class="slip" aria-hidden="true">
    <p class="title">${t("app.name")} · ${h("slip.title")}</p>
    ${slip.point ? html`<p>${slip.point}</p>` : nothing}
    ${slip.trial ? html`<p>${t("app.trial")}</p>` : nothing}
    <p>${h("filed.slip")}: <strong>${showSlip(slip.slip)}</strong></p>
    <ul>${slip.lines.map((line) => html`<li>${line}</li>`)}</ul>
    <p class="part">${h("slip.claim")}</p>
    <db-qr-picture .text=${claimLink(slip.code)} .label=${h("code.qr")}></db-qr-picture>
    ${
      slip.birth
        ? html`<p>${h("slip.scan", { host })}</p><p class="big">${showSlip(slip.code.typed)}</p>`
        : nothing
    }
    <p>${slip.until ? h("slip.good", { at: showInstant(slip.until) }) : h("slip.pending")} ${h("slip.keep")}</p>
    ${
      slip.sent
        ? html`<p class="part">${h("slip.follow")}</p><p>${h("slip.follow_how", { host })}</p>`
        : html`<p>${h("slip.draft")}</p>`
    }
  </section>`;
}

export const printButtons = (): TemplateResult => html`
  <div class="row noprint printing">
    <button class="button second" type="button" data-print="a6" @click=${() => printOn("a6")}>${h("print.a6")}</button>
    <button class="button second" type="button" data-print="roll" @click=${() => printOn("roll")}>${h("print.roll")}</button>
  </div>`;
