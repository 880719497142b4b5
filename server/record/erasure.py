"""Erasing a dossier: what is personal goes from the record; what reports count stays.

The dossier's id is kept for ever, so that the gate refuses it if it comes back. Without its key
nothing sealed opens again, wherever a copy lies (Decree 13/2023, Art. 16: erasure of personal
data).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, delete, exists, insert, select, update

from server.dossier import states
from server.errors import Conflict, Message
from server.record import bindings, dossiers, jobs, journal, notices, statuses
from server.record import tables as t
from server.record.tables import erased

UNDER_WAY = Message(
    "Hồ sơ đang ở nơi quyết định hoặc đang trả kết quả, chưa xóa được. Đợi có kết quả rồi xóa.",
    "The dossier is being produced or delivered and cannot be erased yet. Wait for its end.",
)


def begin(conn: Connection, dossier: str, actor: str, now: datetime) -> bool:
    """Erases it here and leaves a job that erases its documents. One under way is withdrawn first.
    False when it is unknown or erased already. `Conflict` under_way."""
    if bindings.is_erased(conn, dossier) or bindings.bound_to(conn, dossier) is None:
        return False
    row = dossiers.find(conn, dossier)
    if row is not None and not states.ended(row.state):
        if "withdraw" not in states.transitions(row.state):
            raise Conflict("under_way", UNDER_WAY)
        dossiers.advance(conn, now, actor, row, "withdraw")
    conn.execute(insert(erased).values(dossier=dossier, at=now))
    _forget(conn, dossier)
    journal.write(conn, now, actor, "erased", dossier)
    conn.execute(delete(t.jobs).where(t.jobs.c.dossier == dossier))
    jobs.add(conn, "erase", now, dossier)
    statuses.announce(conn, now, dossier)
    return True


def _forget(conn: Connection, dossier: str) -> None:
    nothing = {"name": None, "search": None, "birth_hash": None, "helper_account": None}
    mine = t.dossiers.c.id == dossier
    conn.execute(update(t.dossiers).where(mine).values(**nothing, slip="", wrapped_key=None))
    of = t.submissions.c.dossier == dossier
    conn.execute(update(t.submissions).where(of).values(assessment=None, device_time=None))
    conn.execute(update(t.decisions).where(t.decisions.c.dossier == dossier).values(detail=None))
    conn.execute(
        update(t.forwardings).where(t.forwardings.c.dossier == dossier).values(reason=None)
    )
    conn.execute(
        update(t.consignments).where(t.consignments.c.dossier == dossier).values(number=None)
    )
    conn.execute(update(t.bindings).where(t.bindings.c.dossier == dossier).values(wrapped_key=None))
    notices.forget(conn, dossier)
    kept = (t.photos, t.intakes, t.touched, t.offered, t.claims, t.answered, t.queue_numbers)
    for table in (*kept, t.draft_readings):
        conn.execute(delete(table).where(table.c.dossier == dossier))


def to_erase(conn: Connection, state: str, closed_before: datetime, limit: int) -> list[str]:
    """Dossiers that ended in this state before that and are not erased."""
    gone = exists().where(erased.c.dossier == t.dossiers.c.id)
    over = t.dossiers.c.state == state, t.dossiers.c.closed_at < closed_before
    query = select(t.dossiers.c.id).where(*over, ~gone)
    return list(conn.execute(query.order_by(t.dossiers.c.id).limit(limit)).scalars())


def to_retire(conn: Connection, erased_before: datetime, after: str, limit: int) -> list[str]:
    """Owners in id order after `after`, all of whose dossiers were erased before that."""
    other = t.bindings.alias()
    old = exists().where(and_(erased.c.dossier == other.c.dossier, erased.c.at < erased_before))
    living = exists().where(and_(other.c.owner == t.bindings.c.owner, ~old))
    query = select(t.bindings.c.owner).where(t.bindings.c.owner > after, ~living).distinct()
    return list(conn.execute(query.order_by(t.bindings.c.owner).limit(limit)).scalars())


def retired(conn: Connection, owner: str) -> None:
    """The owner's database is gone: nothing leads to it any more."""
    conn.execute(delete(t.bindings).where(t.bindings.c.owner == owner))
