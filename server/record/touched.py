"""Whose documents of which dossier arrived and were not looked at yet (noted by `bindings`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from server.record.tables import touched

# Built once: the worker looks before every job.
_ARRIVED = select(touched).order_by(touched.c.at).with_for_update()


def take(conn: Connection) -> list[tuple[str, str, datetime]]:
    """(owner, dossier, when), oldest first, taken out."""
    rows = [(row.owner, row.dossier, row.at) for row in conn.execute(_ARRIVED)]
    for owner, dossier, _ in rows:
        mine = touched.c.owner == owner, touched.c.dossier == dossier
        conn.execute(delete(touched).where(*mine))
    return rows
