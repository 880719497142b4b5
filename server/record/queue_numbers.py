"""Numbers of the queues: given out once a point and day, called, served, missed, given back.

Whoever changes a point's day holds it first (`hold`): on PostgreSQL others wait for that row until
the transaction ends, on SQLite one writer is at work anyway. So a number is never given out twice,
a slot never filled twice, and nobody is called to two counters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy import insert as insert_into

from server.record import sequences
from server.record.tables import queue_numbers

OPEN = ("waiting", "called")


@dataclass(frozen=True)
class QueueNumber:
    """`state`: waiting, called, served, missed, cancelled. `slot`, `slot_end`, `turn`: HH:MM in
    Vietnam; who waits is called by `turn`, then by `number`. `missed`: how often nobody came when
    it was called. `source`: phone or counter."""

    id: str
    point: str
    day: str
    number: int
    slot: str
    slot_end: str
    turn: str
    state: str
    source: str
    taken_at: datetime
    missed: int = 0
    counter: str | None = None
    dossier: str | None = None
    owner: str | None = None
    request: str | None = None
    called_at: datetime | None = None
    ended_at: datetime | None = None


def hold(conn: Connection, point: str, day: date) -> None:
    """Nobody else changes this point's day until the transaction ends."""
    sequences.hold(conn, _sequence(point), day)


def next_number(conn: Connection, point: str, day: date) -> int:
    return sequences.next_number(conn, _sequence(point), day)


def taken(conn: Connection, point: str, day: date) -> dict[str, tuple[int, int]]:
    """{slot: (numbers given out, of them to phones)}; what was given back is free again."""
    phone = func.count().filter(queue_numbers.c.source == "phone")
    mine = queue_numbers.c.point == point, queue_numbers.c.day == day.isoformat()
    query = select(queue_numbers.c.slot, func.count(), phone)
    kept = query.where(*mine, queue_numbers.c.state != "cancelled")
    rows = conn.execute(kept.group_by(queue_numbers.c.slot)).all()
    return {slot: (given, phones) for slot, given, phones in rows}


def add(conn: Connection, row: QueueNumber) -> None:
    conn.execute(insert_into(queue_numbers).values(**asdict(row)))


def change(conn: Connection, row: QueueNumber) -> None:
    mine = queue_numbers.c.id == row.id
    conn.execute(update(queue_numbers).where(mine).values(**asdict(row)))


def find(conn: Connection, name: str) -> QueueNumber | None:
    row = conn.execute(select(queue_numbers).where(queue_numbers.c.id == name)).mappings().first()
    return QueueNumber(**row) if row else None


def of_day(conn: Connection, point: str, day: date) -> Sequence[QueueNumber]:
    """In the order in which they are called."""
    mine = queue_numbers.c.point == point, queue_numbers.c.day == day.isoformat()
    query = select(queue_numbers).where(*mine)
    rows = conn.execute(query.order_by(queue_numbers.c.turn, queue_numbers.c.number)).mappings()
    return [QueueNumber(**row) for row in rows]


def latest(conn: Connection, dossier: str) -> QueueNumber | None:
    """The number that a dossier took last."""
    query = select(queue_numbers).where(queue_numbers.c.dossier == dossier)
    ended = queue_numbers.c.state.not_in(OPEN)  # of what was taken at the same moment
    newest = query.order_by(queue_numbers.c.taken_at.desc(), ended, queue_numbers.c.number.desc())
    row = conn.execute(newest.limit(1)).mappings().first()
    return QueueNumber(**row) if row else None


def open_of_owner(conn: Connection, owner: str, today: date) -> Sequence[QueueNumber]:
    """Numbers from today on that still wait."""
    mine = queue_numbers.c.owner == owner, queue_numbers.c.day >= today.isoformat()
    query = select(queue_numbers).where(*mine, queue_numbers.c.state.in_(OPEN))
    return [QueueNumber(**row) for row in conn.execute(query).mappings()]


def forget(conn: Connection, before: date) -> None:
    """Days before that are of no use to anybody."""
    conn.execute(delete(queue_numbers).where(queue_numbers.c.day < before.isoformat()))


def _sequence(point: str) -> str:
    return f"queue:{point}"
