import "../../styles/handover.css";
import { html, type TemplateResult } from "lit";
import { TAKE } from "../../app/claim-link.ts";
import { Light } from "../../app/light.ts";
import type { ClaimCode, DossierRow } from "../../drafts/index.ts";
import { showInstant, showSlip } from "../../i18n/index.ts";
import "../shared/qr-picture.ts";
import { h } from "./words/index.ts";

/** What the QR of a code says. */
export const claimLink = ({ secret }: ClaimCode): string => `${location.origin}${TAKE}#${secret}`;

/** Until when the server gives the dossier out for this code; null while it does not. */
export const goodUntil = (code: ClaimCode, row: DossierRow | undefined): string | null =>
  code.expiresAt ??
  (code.request !== null && row?.claim?.request === code.request ? row.claim.expiresAt : null);

/** The QR and the typed code, and the truth about when they work. */
export class CodeCard extends Light {
  static override properties = {
    code: { attribute: false },
    row: { attribute: false },
    birth: { attribute: false },
  };
  code!: ClaimCode;
  row: DossierRow | undefined;
  /** The birth date is known, so the code may be typed. */
  birth = true;

  protected override render(): TemplateResult {
    const lend = this.code.kind === "lend";
    const until = goodUntil(this.code, this.row);
    const host = location.host;
    return html`
      <p class="note ${until ? "done" : "wait"}" role="status" data-claim=${until ? "good" : "pending"}>
        ${until ? h("code.good", { at: showInstant(until) }) : h(lend ? "code.pending_lend" : "code.pending")}
      </p>
      <div class="claim">
        <p>${h(lend ? "code.how_lend" : "code.how")}</p>
        <db-qr-picture .text=${claimLink(this.code)} .label=${h("code.qr")}></db-qr-picture>
        ${
          this.birth
            ? html`<p class="small">${h(lend ? "code.typed_lend" : "code.typed", { host })}</p>
              <p class="typed code" data-typed translate="no">${showSlip(this.code.typed)}</p>`
            : html`<p class="small">${h("code.no_birth")}</p>`
        }
      </div>
`;
  }
}

customElements.define("db-code-card", CodeCard);
