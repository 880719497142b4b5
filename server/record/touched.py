"""Whose documents of which dossier arrived and were not looked at yet (noted by `bindings`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from server.record.tables import touched


def take(conn: Connection) -> list[tuple[str, str, datetime]]:
    """(owner, dossier, when), oldest first, taken out."""
    query = select(touched).order_by(touched.c.at).with_for_update()
    rows = [(row.owner, row.dossier, row.at) for row in conn.execute(query)]
    for owner, dossier, _ in rows:
        mine = touched.c.owner == owner, touched.c.dossier == dossier
        conn.execute(delete(touched).where(*mine))
    return rows
