"""`doibang reconcile`: a day's fees as the record has them against what the provider says.

The provider's side is its statement (CSV), or, without one, its answer about each attempt that
began that day. A statement is that of VNPay's merchant portal, or of the bank whose account takes
transfers: columns are found by name, amounts are whole VND, and a bank's row names the dossier in
its note (`LP …`).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from server.auth.tokens import new_id
from server.dossier.calendar import ZONE
from server.errors import InvalidInput, Message, NotFound, Refused
from server.ports import Clock, PaymentGateway
from server.record import dossiers, payments
from server.record.payments import Payment
from server.record.store import Connection, Record

ACTOR = "system:reconcile"
COLUMNS = {
    "reference": ("txnref", "vnp_txnref", "reference", "ma don hang", "mã đơn hàng"),
    "note": ("note", "description", "noi dung", "nội dung", "diễn giải", "orderinfo"),
    "number": ("transactionno", "vnp_transactionno", "number", "số giao dịch", "số gd"),
    "amount": ("amount", "số tiền", "so tien"),
    "paid_at": ("paydate", "vnp_paydate", "paid_at", "thời gian", "ngày giao dịch"),
}
TIMES = ("%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d", "%d/%m/%Y")
NOTE = re.compile(r"LP[ -]?([A-Z0-9]{10,22})")

Kind = Literal["matched", "only_ours", "only_theirs", "amount"]


@dataclass(frozen=True)
class Row:
    """One receipt of the provider's statement. `reference` is empty for a transfer."""

    reference: str
    number: str
    amount: int
    paid_at: datetime
    note: str = ""


@dataclass(frozen=True)
class Statement:
    """The day's rows of one provider: `vnpay`, or `transfer` for a bank."""

    provider: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Line:
    """`ours` and `theirs` in whole VND; None where that side has none."""

    kind: Kind
    reference: str
    ours: int | None
    theirs: int | None


@dataclass(frozen=True)
class Day:
    day: date
    lines: Sequence[Line]

    @property
    def differences(self) -> list[Line]:
        return [line for line in self.lines if line.kind != "matched"]


def read_statement(content: bytes, day: date) -> Statement:
    """A file with references is the gateway's, one with notes only a bank's. `InvalidInput` names
    the line and what is wrong with it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _wrong(1, "không phải UTF-8", "not UTF-8") from None
    separator = (
        ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    )
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    names = [name.strip().lower() for name in next(reader, [])]
    place = {
        field: next((i for i, name in enumerate(names) if name in known), None)
        for field, known in COLUMNS.items()
    }
    if (
        place["amount"] is None
        or place["paid_at"] is None
        or not (place["reference"] is not None or place["note"] is not None)
    ):
        raise _wrong(1, "thiếu cột", "columns are missing: TxnRef or note, Amount, PayDate")
    rows = []
    for line, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        found = {
            f: cells[i].strip() if i is not None and i < len(cells) else ""
            for f, i in place.items()
        }
        row = _row(found, line)
        if row.paid_at.astimezone(ZONE).date() == day:
            rows.append(row)
    return Statement("transfer" if place["reference"] is None else "vnpay", rows)


def compare(ours: Iterable[Payment], theirs: Iterable[Row]) -> list[Line]:
    """One line a payment or receipt. A receipt is ours by our reference, else by its number."""
    left = list(theirs)
    lines = []
    for payment in ours:
        row = next((r for r in left if payment.reference == r.reference), None)
        if row is None and payment.number:
            row = next((r for r in left if r.number == payment.number), None)
        if row is None:
            lines.append(Line("only_ours", payment.reference, payment.amount, None))
            continue
        left.remove(row)
        kind: Kind = "matched" if row.amount == payment.amount else "amount"
        lines.append(Line(kind, payment.reference, payment.amount, row.amount))
    return lines + [Line("only_theirs", r.reference or r.note, None, r.amount) for r in left]


async def by_asking(record: Record, gateway: PaymentGateway, day: date) -> Day:
    """Compares what began that day with what the gateway answers about each attempt."""
    start, end = bounds(day)
    begun = await record.read(lambda conn: payments.begun_between(conn, start, end))
    lines = []
    for payment in begun:
        if payment.provider != "vnpay":
            continue
        try:
            notice = await gateway.query(payment.reference, payment.created_at)
            theirs = notice.amount if notice.outcome in ("paid", "refunded") else None
        except Refused as refused:
            if refused.reason != "unknown":
                raise
            theirs = None
        ours = payment.amount if payment.state in payments.MONEY_MOVED else None
        kind = _kind(ours, theirs)
        if kind is not None:
            lines.append(Line(kind, payment.reference, ours, theirs))
    return Day(day, lines)


def by_statement(record: Record, statement: Statement, day: date) -> Day:
    start, end = bounds(day)
    paid = record.now(lambda conn: payments.paid_between(conn, start, end))
    ours = [payment for payment in paid if payment.provider == statement.provider]
    return Day(day, compare(ours, statement.rows))


def book(record: Record, statement: Statement, clock: Clock) -> int:
    """Takes in a bank's transfers whose note names a dossier. How many were new."""

    def work(conn: Connection) -> int:
        booked = 0
        for row in statement.rows:
            named = NOTE.search(row.note.upper())
            if named and statement.provider == "transfer" and row.number:
                booked += payments.book_transfer(conn, clock(), ACTOR, named[1], _transfer(row))
        return booked

    return record.now(work)


def give_back(conn: Connection, code: str, why: str, now: datetime) -> None:
    """`NotFound` for a code that is not known, or whose fee was not paid by the gateway."""
    dossier = dossiers.by_code(conn, code)
    for payment in payments.of_dossier(conn, dossier) if dossier else ():
        if payment.provider == "vnpay" and payments.give_back(conn, now, ACTOR, payment, why):
            return
    raise NotFound()


def as_text(found: Day) -> str:
    """The report: counts and sums, then every difference."""
    counts = Counter(line.kind for line in found.lines)
    ours = sum(line.ours or 0 for line in found.lines)
    theirs = sum(line.theirs or 0 for line in found.lines)
    said = [
        f"{found.day}: {counts['matched']} matched, {counts['only_ours']} only ours,"
        f" {counts['only_theirs']} only theirs, {counts['amount']} with another amount",
        f"ours {ours} VND, theirs {theirs} VND",
    ]
    said += [
        f"{one.kind}: {one.reference}, ours {one.ours}, theirs {one.theirs}"
        for one in found.differences
    ]
    return "\n".join(said)


def bounds(day: date) -> tuple[datetime, datetime]:
    """The day in Vietnam, as instants."""
    start = datetime.combine(day, time(), ZONE).astimezone(UTC)
    return start, start + timedelta(days=1)


def _kind(ours: int | None, theirs: int | None) -> Kind | None:
    if ours is None and theirs is None:
        return None
    if theirs is None:
        return "only_ours"
    if ours is None:
        return "only_theirs"
    return "matched" if ours == theirs else "amount"


def _row(found: dict[str, str], line: int) -> Row:
    digits = re.sub(r"[.,\s₫đ]|VND", "", found["amount"])
    if not digits.isdigit():
        raise _wrong(line, "số tiền", f"amount {found['amount'][:20]!r}")
    for form in TIMES:
        try:
            at = datetime.strptime(found["paid_at"], form).replace(tzinfo=ZONE)
        except ValueError:
            continue
        return Row(found["reference"], found["number"], int(digits), at, found["note"])
    raise _wrong(line, "ngày giao dịch", f"time {found['paid_at'][:20]!r}")


def _transfer(row: Row) -> Payment:
    """Not yet anybody's. The bank's number makes a second booking of it nothing."""
    return Payment(
        id=new_id(),
        dossier="",
        reference=f"CK{row.number}"[:64],
        provider="transfer",
        amount=row.amount,
        state="open",
        created_at=row.paid_at,
        expires_at=row.paid_at,
        paid_at=row.paid_at,
        number=row.number[:32],
    )


def _wrong(line: int, vi: str, en: str) -> InvalidInput:
    message = Message(f"Sao kê, dòng {line}: {vi}.", f"Statement, line {line}: {en}.")
    return InvalidInput(f"line {line}", "bad_statement", message)
