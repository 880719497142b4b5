"""The outbox to the National Portal: a row a dossier, a job while something is not told yet.

The job is kept under the row's own id, so that a portal that is slow or down holds up no dossier.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from server.record import jobs
from server.record.journal import STATE, JournalEntry, entries
from server.record.portal_tables import portal_syncs
from server.record.tables import journal


@dataclass(frozen=True)
class PortalSync:
    """`n`, `seq`, `code`: submission, journal line and status told last. `since`: what is not told
    yet waits since then; None while nothing does."""

    id: str
    dossier: str
    n: int = 0
    seq: int = 0
    code: str | None = None
    told_at: datetime | None = None
    since: datetime | None = None
    tries: int = 0
    retry_at: datetime | None = None
    reason: str | None = None


def find(conn: Connection, sync: str) -> PortalSync | None:
    return _one(conn, portal_syncs.c.id == sync)


def of_dossier(conn: Connection, dossier: str) -> PortalSync | None:
    return _one(conn, portal_syncs.c.dossier == dossier)


def _one(conn: Connection, wanted: object) -> PortalSync | None:
    query = select(portal_syncs).where(wanted)  # type: ignore[arg-type]
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else PortalSync(**row)


def announce(conn: Connection, now: datetime, dossier: str) -> None:
    """A job, where the dossier has moved since the portal was told last."""
    row = of_dossier(conn, dossier)
    moved = select(func.max(journal.c.seq)).where(
        journal.c.dossier == dossier, journal.c.action == STATE
    )
    if (conn.execute(moved).scalar_one() or 0) <= (row.seq if row else 0):
        return
    if row is None:
        row = PortalSync(secrets.token_hex(16), dossier)
        conn.execute(insert(portal_syncs).values(**asdict(row)))
    if row.since is None:
        keep(conn, row.id, since=now)
    jobs.add(conn, "portal", max(now, row.retry_at or now), row.id)


def untold(conn: Connection, row: PortalSync) -> list[JournalEntry]:
    """The changes of state after the last one told, oldest first."""
    lines = entries(conn, row.dossier)
    return [line for line in lines if line.action == STATE and line.seq > row.seq]


def keep(conn: Connection, sync: str, **changes: object) -> None:
    conn.execute(update(portal_syncs).where(portal_syncs.c.id == sync).values(**changes))


def waiting(conn: Connection, dossiers: Iterable[str]) -> dict[str, PortalSync]:
    """Those of these dossiers of which something is not told yet."""
    mine = portal_syncs.c.dossier.in_(list(dossiers)), portal_syncs.c.since.is_not(None)
    rows = conn.execute(select(portal_syncs).where(*mine)).mappings()
    return {row["dossier"]: PortalSync(**row) for row in rows}
