"""What photos of drafts say, read where the person asked for it: sealed with the dossier's key.

A reading goes with its photo, with the consent, when the dossier is sent or erased, and when it
has lain about as long as a draft may.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from server.record.store import insert
from server.record.tables import draft_readings


@dataclass(frozen=True)
class DraftReading:
    """Of one photo, whose id stands for its bytes: a retake has another. `sealed` None: the photo
    is whole, and no draft that is here names it yet."""

    dossier: str
    photo: str
    sealed: str | None
    read_at: datetime


def keep(conn: Connection, new: DraftReading) -> None:
    """In place of what was said of the photo before."""
    row = insert(conn, draft_readings).values(**asdict(new))
    values = {"sealed": new.sealed, "read_at": new.read_at}
    conn.execute(row.on_conflict_do_update(index_elements=["dossier", "photo"], set_=values))


def of_dossier(conn: Connection, dossier: str) -> list[DraftReading]:
    """By photo."""
    query = select(draft_readings).where(draft_readings.c.dossier == dossier)
    rows = conn.execute(query.order_by(draft_readings.c.photo)).mappings()
    return [DraftReading(**row) for row in rows]


def drop(conn: Connection, dossier: str, photos: Collection[str]) -> int:
    """How many of them were readings."""
    mine = draft_readings.c.dossier == dossier, draft_readings.c.photo.in_(photos)
    return conn.execute(delete(draft_readings).where(*mine)).rowcount


def forget(conn: Connection, dossier: str) -> None:
    conn.execute(delete(draft_readings).where(draft_readings.c.dossier == dossier))


def forget_old(conn: Connection, before: datetime) -> None:
    conn.execute(delete(draft_readings).where(draft_readings.c.read_at < before))
