"""Pay: attempts to pay a fee, what the gateway tells of them, and the receipt.

Beside the dossier: nothing here changes a state, and no stage waits for it. What the payer's
browser brings back is never believed; it only makes the question to the gateway come sooner.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal

from server.auth.tokens import new_id
from server.errors import Conflict, Message, Refused, Unavailable
from server.flow.admitted import Asker, admitted
from server.flow.fee_view import attempt_body, fee_body, receipt_body
from server.ports import Clock, PaymentGateway, PaymentOrder, TransferCode
from server.record import jobs, payments
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.payments import Payment
from server.record.store import Connection, Record

ACTOR = "system:payment"
GOOD_FOR = timedelta(minutes=15)
"""How long the gateway's page takes an attempt."""
NOTE = 25  # characters that every bank transmits with a transfer
OFF = Message(
    "Nơi này chưa nhận lệ phí trực tuyến. Xin nộp tại quầy; hồ sơ vẫn được giải quyết.",
    "Fees cannot be paid online here yet. Pay at the counter; the dossier goes on meanwhile.",
)
NOT_DUE = Message(
    "Hồ sơ này không còn lệ phí phải nộp. Tải lại để xem tình trạng mới nhất.",
    "There is no fee to pay for this dossier now. Load it again to see how it stands.",
)

Answer = Literal["confirmed", "already", "amount", "unknown", "signature", "malformed"]


class Pay:
    """`gateway` and `transfer`: None where the administrator set none. `back`: the address that
    the gateway sends a payer's browser to; a clerk's to `/clerk` below it."""

    def __init__(
        self,
        record: Record,
        gateway: PaymentGateway | None,
        transfer: TransferCode | None,
        clock: Clock,
        woken: Callable[[], None],
        back: str,
    ) -> None:
        self._record = record
        self._gateway = gateway
        self._transfer = transfer
        self._clock = clock
        self._woken = woken
        self._back = back

    async def begin(
        self, dossier: str, payers: list[Asker], address: str, english: bool = False
    ) -> dict[str, Any]:
        """{reference, amount, pay_url, transfer, expires_at}. An attempt that can still be paid is
        given again, so that two presses are one payment. `Conflict`: payment_off, fee_not_due."""
        now, gateway = self._clock(), self._gateway
        if gateway is None:
            await self._record.read(lambda conn: admitted(conn, dossier, payers))
            raise Conflict("payment_off", OFF)

        def work(conn: Connection) -> tuple[Dossier, Payment, bool]:
            actor, row = admitted(conn, dossier, payers)
            at_point = actor.startswith("clerk:")
            if not payments.owes(row) or row.fee_amount is None:
                raise Conflict("fee_not_due", NOT_DUE)
            before = payments.of_dossier(conn, dossier)
            for one in before:
                if (one.state, one.amount) == ("open", row.fee_amount) and one.expires_at > now:
                    return row, one, at_point
            new = Payment(
                id=new_id(),
                dossier=dossier,
                reference=f"{plain(row.code)}T{len(before) + 1}",
                provider="vnpay",
                amount=row.fee_amount,
                state="open",
                created_at=now,
                expires_at=now + GOOD_FOR,
            )
            payments.begin(conn, now, actor, new)
            return row, new, at_point

        row, attempt, at_point = await self._record.run(work)
        self._woken()
        order = PaymentOrder(
            reference=attempt.reference,
            amount=attempt.amount,
            text=f"Le phi GPLX {plain(row.code)}",
            created_at=attempt.created_at,
            expires_at=attempt.expires_at,
            return_url=f"{self._back}/clerk" if at_point else self._back,
            address=address,
            language="en" if english else "vi",
        )
        return {
            "reference": attempt.reference,
            "amount": attempt.amount,
            "pay_url": gateway.pay_url(order),
            "transfer": self._transfer_text(row),
            "expires_at": iso(attempt.expires_at),
        }

    async def shown(self, dossier: str, payers: list[Asker]) -> dict[str, Any]:
        """{fee, online, transfer, attempts, receipt}; `receipt` once the gateway confirmed."""

        def look(conn: Connection) -> tuple[Dossier, list[Payment]]:
            return admitted(conn, dossier, payers)[1], payments.of_dossier(conn, dossier)

        row, attempts = await self._record.read(look)
        paid = [one for one in attempts if one.state in ("paid", "refunding")]
        return {
            "fee": fee_body(row, attempts),
            "online": self._gateway is not None,
            "transfer": self._transfer_text(row) if payments.owes(row) else None,
            "attempts": [attempt_body(one) for one in attempts],
            "receipt": receipt_body(row, paid[0]) if paid else None,
        }

    async def told(self, query: Mapping[str, str]) -> Answer:
        """What the gateway's own request (IPN) comes to."""
        if self._gateway is None:
            return "unknown"
        try:
            notice = self._gateway.notice(query)
        except Refused:
            return "signature"
        except Unavailable:
            return "malformed"
        now = self._clock()
        settled = await self._record.run(lambda conn: payments.settle(conn, now, ACTOR, notice))
        self._woken()
        return settled

    async def returned(self, query: Mapping[str, str]) -> str | None:
        """The dossier that a payer's browser comes back from; the gateway is asked at once."""
        if self._gateway is None:
            return None
        try:
            reference = self._gateway.notice(query).reference
        except (Refused, Unavailable):
            return None
        now = self._clock()

        def hurry(conn: Connection) -> str | None:
            payment = payments.by_reference(conn, reference)
            if payment is not None and payment.state == "open":
                jobs.add(conn, "payment", now, payment.id)
            return payment.dossier if payment else None

        dossier = await self._record.run(hurry)
        self._woken()
        return dossier

    def _transfer_text(self, row: Dossier) -> str | None:
        if self._transfer is None or row.fee_amount is None:
            return None
        return self._transfer.text(row.fee_amount, transfer_note(row.code))


def plain(code: str) -> str:
    """A dossier code in letters and digits only, as banks and gateways transmit it."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def transfer_note(code: str) -> str:
    """What a transfer says it is for, at most 25 characters; the day and number always fit."""
    return f"LP {plain(code)[-(NOTE - 3) :]}"
