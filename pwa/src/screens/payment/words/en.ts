import type { PaymentKey } from "./index.ts";

export const en: Record<PaymentKey, string> = {
  "fee.title": "Fee",
  "fee.basis": "Set by {basis}.",
  "fee.law": "Circular",
  "fee.pay": "Pay the fee",
  "fee.again": "Pay again",
  "fee.later":
    "It need not be paid now: the dossier is examined meanwhile. Pay later on this page, or at the counter.",
  "fee.counter":
    "Fees cannot be paid online here. Pay at the counter; the dossier is examined meanwhile.",
  "fee.pending":
    "The payment page was opened at {at}. The payment gateway has not confirmed yet; what was paid need not be paid again.",
  "fee.failed":
    "The payment of {at} was not completed, the fee is still due. If money left the account, the bank returns it.",
  "fee.paid": "{amount} paid.",
  "fee.refunded": "The fee of {amount} was paid back.",
  "fee.paid_at": "Paid at",
  "fee.number": "Transaction number",
  "fee.reference": "Payment code",
  "fee.transfer": "Bank transfer from another phone",
  "fee.transfer_text":
    "Open a bank's app on another phone, scan this code, leave amount and note as they are. It is booked when the bank's statement arrives, mostly within one working day. Pay in one way only.",
  "fee.transfer_label": "transfer of the fee {amount}",
};
