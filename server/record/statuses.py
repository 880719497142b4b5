"""The counter of each dossier's status document: it only rises."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from server.record import jobs
from server.record.store import insert
from server.record.tables import statuses

# Built once: every change of a dossier asks for these.
_OF = statuses.c.dossier == bindparam("of")
_COUNTER = select(statuses.c.counter).where(_OF)
_PUBLISHED = update(statuses).where(_OF, statuses.c.published < bindparam("counted"))
_PUBLISHED = _PUBLISHED.values(published=bindparam("counted"))


def announce(conn: Connection, at: datetime, dossier: str) -> None:
    """Something the applicant reads has changed: the next counter, and a job to publish it."""
    first = insert(conn, statuses).values(dossier=dossier, counter=1)
    rise = {"counter": statuses.c.counter + 1}
    conn.execute(first.on_conflict_do_update(index_elements=["dossier"], set_=rise))
    jobs.add(conn, "publish", at, dossier)


def counter(conn: Connection, dossier: str) -> int:
    return conn.execute(_COUNTER, {"of": dossier}).scalar_one_or_none() or 0


def published(conn: Connection, dossier: str, counter: int) -> None:
    """The document with this counter is in the store."""
    conn.execute(_PUBLISHED, {"of": dossier, "counted": counter})
