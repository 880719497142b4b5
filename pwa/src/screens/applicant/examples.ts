import { html, svg, type TemplateResult } from "lit";
import type { Shape } from "../../capture/frame.ts";
import { w } from "./words/index.ts";

/** A good picture and two bad ones, drawn, so that they cost no download. */
export function examples(shape: Shape): TemplateResult {
  const draw = shape === "portrait" ? face : shape === "paper" ? paper : card;
  return html`<ul class="examples">
    <li>${draw("good")}<span>✓ ${w(shape === "portrait" ? "photo.good_face" : "photo.good")}</span></li>
    <li>${draw("blurred")}<span>✗ ${w("photo.blurred")}</span></li>
    <li>${draw("glare")}<span>✗ ${w("photo.glare")}</span></li>
  </ul>`;
}

type Look = "good" | "blurred" | "glare";

const frame = (
  look: Look,
  drawing: TemplateResult,
): TemplateResult => html`<svg viewBox="0 0 120 84" aria-hidden="true">
  ${svg`<defs><filter id="soft"><feGaussianBlur stdDeviation="3"></feGaussianBlur></filter></defs>
    <rect width="120" height="84" rx="6" fill="#3b424b"></rect>
    <g filter=${look === "blurred" ? "url(#soft)" : ""}>${drawing}</g>
    ${look === "glare" ? svg`<ellipse cx="78" cy="36" rx="26" ry="17" fill="#fff" opacity="0.92"></ellipse>` : ""}`}
</svg>`;

const card = (look: Look): TemplateResult =>
  frame(
    look,
    svg`<rect x="12" y="12" width="96" height="60" rx="5" fill="#f6e3a1"></rect>
      <rect x="20" y="26" width="22" height="30" fill="#8fb3d9"></rect>
      <rect x="20" y="17" width="80" height="4" fill="#a33"></rect>
      <rect x="50" y="28" width="48" height="4" fill="#444"></rect>
      <rect x="50" y="38" width="40" height="4" fill="#444"></rect>
      <rect x="50" y="48" width="45" height="4" fill="#444"></rect>
      <rect x="50" y="58" width="30" height="4" fill="#444"></rect>` as TemplateResult,
  );

const face = (look: Look): TemplateResult =>
  frame(
    look,
    svg`<rect x="33" y="6" width="54" height="72" fill="#cfe0f2"></rect>
      <circle cx="60" cy="34" r="15" fill="#d9a97c"></circle>
      <path d="M45 32a15 15 0 0 1 30 0q-7-9-15-9t-15 9z" fill="#2b2320"></path>
      <path d="M38 78q2-24 22-24t22 24z" fill="#44607d"></path>` as TemplateResult,
  );

const paper = (look: Look): TemplateResult =>
  frame(
    look,
    svg`<rect x="32" y="5" width="56" height="74" fill="#fbfaf5"></rect>
      <rect x="44" y="12" width="32" height="4" fill="#444"></rect>
      <rect x="38" y="23" width="44" height="3" fill="#888"></rect>
      <rect x="38" y="31" width="38" height="3" fill="#888"></rect>
      <rect x="38" y="39" width="44" height="3" fill="#888"></rect>
      <rect x="38" y="50" width="24" height="4" fill="#444"></rect>
      <circle cx="72" cy="64" r="9" fill="none" stroke="#b22" stroke-width="2.5"></circle>
      <rect x="38" y="64" width="20" height="3" fill="#888"></rect>` as TemplateResult,
  );
