"""Collect: asks the gateway about attempts it said nothing of, and gives back what was too much.

Its jobs are kept under the payment's own id, so that a gateway that is slow or down holds up no
dossier. Outages are the worker's to retry: every question repeats safely.
"""

from __future__ import annotations

from datetime import timedelta

from server.errors import Duplicate, Refused
from server.flow.outcome import Later, backoff
from server.ports import Clock, PaymentGateway, RefundOrder
from server.record import payments
from server.record.jobs import Job
from server.record.payments import Payment
from server.record.store import Connection, Record

ACTOR = "system:payment"
FIRST, LONGEST = timedelta(minutes=2), timedelta(minutes=15)
GRACE = timedelta(minutes=15)
"""After an attempt's end, until one that nobody paid is given up."""
HELD = timedelta(days=3)
"""How long the gateway may take to decide where the money is; the daily reconciliation finds what
takes longer."""


class Requery:
    """Until the gateway says how an attempt ended, or nobody can pay it any more."""

    def __init__(self, record: Record, gateway: PaymentGateway | None, clock: Clock) -> None:
        self._record = record
        self._gateway = gateway
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        payment = await self._record.read(lambda conn: payments.find(conn, job.dossier or ""))
        if payment is None or payment.state != "open" or self._gateway is None:
            return None
        try:
            notice = await self._gateway.query(payment.reference, payment.created_at)
        except Refused as refused:
            if refused.reason != "unknown":
                raise
            return await self._record.run(lambda conn: self._wait(conn, payment, GRACE))
        if notice.outcome in ("paid", "failed"):
            now = self._clock()
            settled = await self._record.run(lambda conn: payments.settle(conn, now, ACTOR, notice))
            if settled != "amount":
                return None
        patience = HELD if notice.outcome in ("held", "paid") else GRACE
        return await self._record.run(lambda conn: self._wait(conn, payment, patience))

    def _wait(self, conn: Connection, payment: Payment, patience: timedelta) -> Later | None:
        now = self._clock()
        if now >= payment.expires_at + patience:
            payments.expire(conn, now, ACTOR, payment)
            return None
        payments.asked(conn, payment)
        return Later(now + backoff(payment.asked, FIRST, LONGEST))


class Refund:
    """Asks the gateway first: a reply that was lost must not be paid back twice."""

    def __init__(self, record: Record, gateway: PaymentGateway | None, clock: Clock) -> None:
        self._record = record
        self._gateway = gateway
        self._clock = clock

    async def run(self, job: Job) -> None:
        payment = await self._record.read(lambda conn: payments.find(conn, job.dossier or ""))
        if payment is None or payment.state not in ("surplus", "refunding"):
            return
        refusal = "" if self._gateway else "off"
        if self._gateway is not None:
            refusal = await self._given_back(self._gateway, payment)
        now = self._clock()
        await self._record.run(lambda conn: payments.refunded(conn, now, ACTOR, payment, refusal))

    async def _given_back(self, gateway: PaymentGateway, payment: Payment) -> str:
        """Empty, or the code with which the gateway refused."""
        try:
            stands = await gateway.query(payment.reference, payment.created_at)
            if stands.outcome != "refunded":
                await gateway.refund(
                    RefundOrder(
                        key=payment.id,
                        reference=payment.reference,
                        amount=payment.amount,
                        number=payment.number or "",
                        created_at=payment.created_at,
                        by="doibang",
                    )
                )
        except Duplicate:
            return ""
        except Refused as refused:
            return refused.reason[:8]
        return ""
