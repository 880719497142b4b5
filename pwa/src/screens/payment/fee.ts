import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { Light } from "../../app/light.ts";
import type { Fee } from "../../drafts/types.ts";
import { language, showInstant, showMoney, wordsReady } from "../../i18n/index.ts";
import { ApiError } from "../../identity/index.ts";
import { type Payments, pay, payments } from "../../identity/payments.ts";
import { whyRefused } from "../shared/problem.ts";
import "../shared/qr-picture.ts";
import { type PaymentKey, p } from "./words/index.ts";

/**
 * The fee of one dossier: what it is, how a payment stands, and ways to pay. Needs the server, so it
 * is loaded when the device has one. `fee`: as the status told it, which may be newer.
 */
export class FeeCard extends Light {
  static override properties = {
    dossier: { attribute: false },
    owner: { attribute: false },
    fee: { attribute: false },
    seen: { attribute: false },
    told: { state: true },
    problem: { state: true },
    busy: { state: true },
  };
  dossier = "";
  /** Where there is no status to read: whatever changes when it is worth asking again. */
  seen = "";
  owner: string | null = null;
  fee: Fee | null = null;
  private told: Payments | null = null;
  private problem: string | null = null;
  private busy = false;

  /** The status says that something changed; the receipt and the ways to pay come from the server. */
  protected override willUpdate(changed: PropertyValues): void {
    const before = changed.get("fee") as Fee | null | undefined;
    const told =
      changed.has("fee") &&
      (before?.state !== this.fee?.state || before?.payment?.at !== this.fee?.payment?.at);
    if (changed.has("dossier") || changed.has("seen") || told) void this.ask();
  }

  private async ask(): Promise<void> {
    try {
      [this.told] = await Promise.all([payments(this.dossier, this.owner), wordsReady()]);
    } catch (cause) {
      // A clerk's tablet may ask before the server has looked through what it sent.
      const early = !this.owner && cause instanceof ApiError && cause.status === 404;
      this.problem = early ? null : whyRefused(cause);
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const fee = this.fee ?? this.told?.fee;
    if (!fee) return this.problem ? this.trouble() : nothing;
    return html`<section class="card" data-fee=${fee.state} data-payment=${fee.payment?.state ?? "none"}>
      <h2>${p("fee.title")}</h2>
      <p class="large">${showMoney(fee.amount)}</p>
      ${fee.basis ? html`<p>${p("fee.basis", { basis: fee.basis.replaceAll("Circular", p("fee.law")) })}</p>` : nothing}
      ${this.standing(fee)}
      ${this.trouble()}
      ${fee.state === "due" ? this.ways(fee) : this.receipt()}
    </section>`;
  }

  private trouble(): TemplateResult | typeof nothing {
    return this.problem ? html`<p class="note must" role="alert">${this.problem}</p>` : nothing;
  }

  private standing({ state, payment, amount }: Fee): TemplateResult | typeof nothing {
    const note = (tone: string, key: PaymentKey): TemplateResult =>
      html`<p class="note ${tone}" role="status">${p(key, {
        at: payment ? showInstant(payment.at) : "",
        amount: showMoney(amount),
      })}</p>`;
    if (state === "paid") return note("done", "fee.paid");
    if (state === "refunded") return note("", "fee.refunded");
    if (state !== "due" || !payment) return nothing;
    if (payment.state === "pending") return note("wait", "fee.pending");
    return payment.state === "failed" ? note("must", "fee.failed") : nothing;
  }

  private ways(fee: Fee): TemplateResult | typeof nothing {
    if (!this.told) return nothing;
    if (!this.told.online && !this.told.transfer) return html`<p>${p("fee.counter")}</p>`;
    const word = fee.payment?.state === "failed" ? "fee.again" : "fee.pay";
    return html`
      ${this.told.online ? html`<button class="button" type="button" data-pay ?disabled=${this.busy} @click=${this.pay}>${p(word)}</button>` : nothing}
      ${this.told.transfer ? this.transfer(this.told.transfer, fee) : nothing}
      <p>${p("fee.later")}</p>`;
  }

  private transfer(text: string, { amount }: Fee): TemplateResult {
    const label = p("fee.transfer_label", { amount: showMoney(amount) });
    return html`<details class="why" data-transfer>
      <summary>${p("fee.transfer")}</summary>
      <div>
        <p>${p("fee.transfer_text")}</p>
        <db-qr-picture .text=${text} .label=${label}></db-qr-picture>
      </div>
    </details>`;
  }

  private receipt(): TemplateResult | typeof nothing {
    const receipt = this.told?.receipt;
    if (!receipt) return nothing;
    const { paid_at, number, reference } = receipt;
    return html`<dl class="pairs" data-receipt>
      ${paid_at ? html`<div><dt>${p("fee.paid_at")}</dt><dd>${showInstant(paid_at)}</dd></div>` : nothing}
      ${number ? html`<div><dt>${p("fee.number")}</dt><dd>${number}</dd></div>` : nothing}
      <div><dt>${p("fee.reference")}</dt><dd>${reference}</dd></div>
    </dl>`;
  }

  private readonly pay = async (): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      location.assign((await pay(this.dossier, this.owner, language())).pay_url);
    } catch (cause) {
      this.problem = whyRefused(cause);
      this.busy = false;
      void this.ask(); // what is not due any more was settled meanwhile
    }
  };
}

customElements.define("db-fee", FeeCard);
