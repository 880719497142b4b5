"""The counter of each dossier's status document: it only rises."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from server.record import jobs
from server.record.store import insert
from server.record.tables import statuses


def announce(conn: Connection, at: datetime, dossier: str) -> None:
    """Something the applicant reads has changed: the next counter, and a job to publish it."""
    first = insert(conn, statuses).values(dossier=dossier, counter=1)
    rise = {"counter": statuses.c.counter + 1}
    conn.execute(first.on_conflict_do_update(index_elements=["dossier"], set_=rise))
    jobs.add(conn, "publish", at, dossier)


def counter(conn: Connection, dossier: str) -> int:
    query = select(statuses.c.counter).where(statuses.c.dossier == dossier)
    return conn.execute(query).scalar_one_or_none() or 0


def published(conn: Connection, dossier: str, counter: int) -> None:
    """The document with this counter is in the store."""
    older = statuses.c.dossier == dossier, statuses.c.published < counter
    conn.execute(update(statuses).where(*older).values(published=counter))
