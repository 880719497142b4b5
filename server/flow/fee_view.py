"""What people read of a fee: how it stands, each attempt to pay it, and the receipt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.dossier.calendar import filing_date
from server.dossier.fees import Fee, fee
from server.record import payments
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.payments import Payment


def fee_body(row: Dossier, attempts: Sequence[Payment]) -> dict[str, Any] | None:
    """{amount, currency, state, basis, payment}, as the status tells it; None without a fee.
    `payment`: {state, at} of the attempt that says how it stands; `pending` while it is open."""
    if row.fee_amount is None:
        return None
    due = _listed(row)
    last = payments.telling([one for one in attempts if one.state != "surplus"])
    state = {"open": "pending"}.get(last.state, last.state) if last else None
    return {
        "amount": row.fee_amount,
        "currency": "VND",
        "state": row.fee_state,
        "basis": due.basis if due and due.amount == row.fee_amount else None,
        "payment": {"state": state, "at": iso(last.settled_at or last.created_at)}
        if last
        else None,
    }


def attempt_body(one: Payment) -> dict[str, Any]:
    return {
        "reference": one.reference,
        "amount": one.amount,
        "state": one.state,
        "created_at": iso(one.created_at),
        "expires_at": iso(one.expires_at),
        "paid_at": iso(one.paid_at) if one.paid_at else None,
        "number": one.number,
    }


def receipt_body(row: Dossier, paid: Payment) -> dict[str, Any]:
    """What a receipt says; `number` is the gateway's."""
    due = _listed(row)
    return {
        "dossier_code": row.code,
        "kind": due.kind if due else "le_phi",
        "basis": due.basis if due and due.amount == paid.amount else None,
        "amount": paid.amount,
        "currency": "VND",
        "reference": paid.reference,
        "number": paid.number,
        "bank": paid.bank,
        "paid_at": iso(paid.paid_at) if paid.paid_at else None,
    }


def _listed(row: Dossier) -> Fee | None:
    """The row of the fee table that the amount came from."""
    channel = "counter" if row.channel == "counter" else "online"
    return fee(row.procedure, filing_date(row.filed_at), channel)
