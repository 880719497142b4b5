"""What may be swept: dossiers whose documents have lain about for long."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, or_, select

from server.dossier import states
from server.record import submissions
from server.record.tables import bindings, dossiers


def to_sweep(
    conn: Connection, before: datetime, after: str, limit: int
) -> list[tuple[str, str, set[str]]]:
    """(dossier, owner, ids of the chunks to keep) in id order after `after`, of dossiers that were
    first written before `before` and where nobody may be sending any more: none was accepted, or
    it has ended."""
    ended = [state for state in states.states() if states.ended(state)]
    query = (
        select(bindings.c.dossier, bindings.c.owner)
        .outerjoin(dossiers, dossiers.c.id == bindings.c.dossier)
        .where(
            bindings.c.bound_at < before,
            bindings.c.dossier > after,
            or_(dossiers.c.id.is_(None), dossiers.c.state.in_(ended)),
        )
        .order_by(bindings.c.dossier)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    return [(r.dossier, r.owner, submissions.listed_chunks(conn, r.dossier)) for r in rows]
