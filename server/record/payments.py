"""Payments: one row an attempt to pay a dossier's fee, beside the dossier and never in its way.

    open ──► paid ──► refunding ──► refunded | refund_refused
      │  └─► surplus ─────────────► refunded | refund_refused
      ├────► failed ──┐
      └────► expired ─┴─► paid | surplus      when the gateway says so late

A fee is paid once: the second success, and one for a dossier that owes nothing, is `surplus` and is
given back. Whatever the gateway repeats, crosses or tells late ends in the same rows, for an
attempt that was settled changes no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, insert, select, update

from server.ports import PaymentNotice
from server.record import dossiers, jobs, journal, statuses
from server.record.dossiers import Dossier
from server.record.tables import payments

FIRST_LOOK = timedelta(minutes=2)
"""After an attempt began, until the gateway is asked about it."""
MONEY_MOVED = ("paid", "surplus", "refunding", "refunded", "refund_refused")
NOTHING_DUE = ("rejected", "withdrawn")

Settled = Literal["confirmed", "already", "amount", "unknown"]


@dataclass(frozen=True)
class Payment:
    """`reference` is ours at the gateway, `number` the gateway's; `amount` in whole VND; `asked`:
    how often the gateway was asked about it in vain."""

    id: str
    dossier: str
    reference: str
    provider: str
    amount: int
    state: str
    created_at: datetime
    expires_at: datetime
    asked: int = 0
    settled_at: datetime | None = None
    paid_at: datetime | None = None
    number: str | None = None
    bank: str | None = None
    code: str | None = None


def find(conn: Connection, payment: str) -> Payment | None:
    return _one(conn, payments.c.id == payment)


def by_reference(conn: Connection, reference: str) -> Payment | None:
    return _one(conn, payments.c.reference == reference)


def of_dossier(conn: Connection, dossier: str) -> list[Payment]:
    """Oldest first."""
    return _all(conn, payments.c.dossier == dossier)


def paid_between(conn: Connection, start: datetime, end: datetime) -> list[Payment]:
    """What came in from `start` until before `end`, whatever became of it."""
    within = payments.c.paid_at >= start, payments.c.paid_at < end
    return _all(conn, *within, payments.c.state.in_(MONEY_MOVED))


def begun_between(conn: Connection, start: datetime, end: datetime) -> list[Payment]:
    return _all(conn, payments.c.created_at >= start, payments.c.created_at < end)


def telling(attempts: Sequence[Payment]) -> Payment | None:
    """The attempt that says how the fee stands: the one that paid it, else the latest."""
    paid = [one for one in attempts if one.state in ("paid", "refunding")]
    telling = paid or attempts
    return telling[-1] if telling else None


def begin(conn: Connection, at: datetime, actor: str, new: Payment) -> None:
    """An attempt begins; the gateway is asked about it unless it speaks first."""
    conn.execute(insert(payments).values(**asdict(new)))
    _journal(conn, at, actor, "payment_begun", new)
    jobs.add(conn, "payment", at + FIRST_LOOK, new.id)
    statuses.announce(conn, at, new.dossier)


def settle(conn: Connection, at: datetime, actor: str, notice: PaymentNotice) -> Settled:
    """Takes in what the gateway says. `already`: this attempt was settled before. `amount`: not
    what was asked; nothing changes. A `pending`, `held` or `refunded` notice settles nothing."""
    payment = by_reference(conn, notice.reference)
    if payment is None:
        return "unknown"
    if payment.amount != notice.amount:
        detail = {"payment": payment.id, "asked": payment.amount, "told": notice.amount}
        journal.write(conn, at, actor, "payment_differs", payment.dossier, detail)
        return "amount"
    late = payment.state in ("failed", "expired") and notice.outcome == "paid"
    if payment.state != "open" and not late:
        return "already"
    if notice.outcome == "failed":
        _end(conn, at, actor, replace(payment, state="failed", code=notice.code))
    elif notice.outcome == "paid":
        _paid(conn, at, actor, payment, notice)
    return "confirmed"


def expire(conn: Connection, at: datetime, actor: str, payment: Payment) -> None:
    """The gateway knows nothing of it and will not any more."""
    now = find(conn, payment.id)
    if now is not None and now.state == "open":
        _end(conn, at, actor, replace(now, state="expired"))


def asked(conn: Connection, payment: Payment) -> None:
    """One more look in vain."""
    _set(conn, payment.id, asked=payment.asked + 1)


def give_back(conn: Connection, at: datetime, actor: str, payment: Payment, reason: str) -> bool:
    """A person decided that a paid fee is returned. False when it is not `paid` any more."""
    now = find(conn, payment.id)
    if now is None or now.state != "paid":
        return False
    _set(conn, now.id, state="refunding")
    _journal(conn, at, actor, "payment_refunding", now, reason=reason)
    jobs.add(conn, "refund", at, now.id)
    statuses.announce(conn, at, now.dossier)
    return True


def book_transfer(
    conn: Connection,
    at: datetime,
    actor: str,
    named: str,
    new: Payment,
) -> bool:
    """A bank transfer; `named`: the plain letters and digits of a dossier code that its note ends
    in. False when it is booked already, or names no dossier or more than one. A wrong amount, and
    one for a fee that is not due, is `surplus`: a person pays it back, for no gateway can."""
    if by_reference(conn, new.reference) is not None:
        return False
    dossier = dossiers.by_plain_code(conn, named)
    if dossier is None:
        return False
    settles = owes(dossier) and dossier.fee_amount == new.amount
    state = "paid" if settles else "surplus"
    booked = replace(new, dossier=dossier.id, state=state, settled_at=at)
    conn.execute(insert(payments).values(**asdict(booked)))
    _journal(conn, at, actor, f"payment_{state}", booked)
    if settles:
        dossiers.change(conn, at, dossier, fee_state="paid")
    return True


def refunded(conn: Connection, at: datetime, actor: str, payment: Payment, refusal: str) -> None:
    """`refusal`: the gateway's code when it will not; a person then pays it back."""
    state = "refund_refused" if refusal else "refunded"
    _set(conn, payment.id, state=state, settled_at=at, **({"code": refusal} if refusal else {}))
    _journal(conn, at, actor, f"payment_{state}", payment, **({"code": refusal} if refusal else {}))
    dossier = dossiers.find(conn, payment.dossier)
    if dossier is not None and payment.state == "refunding" and not refusal:
        dossiers.change(conn, at, dossier, fee_state="refunded")
    else:
        statuses.announce(conn, at, payment.dossier)


def _paid(
    conn: Connection, at: datetime, actor: str, payment: Payment, notice: PaymentNotice
) -> None:
    dossier = dossiers.find(conn, payment.dossier)
    state = "paid" if dossier is not None and owes(dossier) else "surplus"
    paid = replace(
        payment,
        state=state,
        paid_at=notice.paid_at or at,
        number=notice.number or None,
        bank=notice.bank or None,
        code=notice.code,
    )
    _end(conn, at, actor, paid)
    if dossier is not None and state == "paid":
        dossiers.change(conn, at, dossier, fee_state="paid")
    else:
        jobs.add(conn, "refund", at, payment.id)


def owes(dossier: Dossier) -> bool:
    """The fee is to be paid. One that was erased is followed by nobody."""
    living = dossier.wrapped_key is not None and dossier.state not in NOTHING_DUE
    return living and dossier.fee_state == "due" and dossier.fee_amount is not None


def _end(conn: Connection, at: datetime, actor: str, payment: Payment) -> None:
    values = asdict(replace(payment, settled_at=at))
    conn.execute(update(payments).where(payments.c.id == payment.id).values(**values))
    told = {"code": payment.code} if payment.code else {}
    _journal(conn, at, actor, f"payment_{payment.state}", payment, **told)
    statuses.announce(conn, at, payment.dossier)


def _journal(
    conn: Connection, at: datetime, actor: str, action: str, payment: Payment, **more: Any
) -> None:
    detail = {"payment": payment.id, "amount": payment.amount, **more}
    journal.write(conn, at, actor, action, payment.dossier, detail)


def _set(conn: Connection, payment: str, **values: Any) -> None:
    conn.execute(update(payments).where(payments.c.id == payment).values(**values))


def _one(conn: Connection, which: Any) -> Payment | None:
    row = conn.execute(select(payments).where(which).with_for_update()).mappings().one_or_none()
    return None if row is None else Payment(**row)


def _all(conn: Connection, *which: Any) -> list[Payment]:
    query = select(payments).where(*which).order_by(payments.c.created_at, payments.c.reference)
    return [Payment(**row) for row in conn.execute(query).mappings()]
