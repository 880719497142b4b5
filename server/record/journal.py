"""The journal: append only and chained; what happened, who did it, to which dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from server.record import chain
from server.record.tables import journal

STATE = "state"
"""The action of a state change; its detail has `from` (None at the beginning) and `to`."""

# Built once: every change writes a line and every status tells the changes.
_LINE = insert(journal)
_CHANGES = (
    select(journal.c.detail, journal.c.at)
    .where(journal.c.dossier == bindparam("of"), journal.c.action == STATE)
    .order_by(journal.c.seq)
)


@dataclass(frozen=True)
class JournalEntry:
    seq: int
    at: datetime
    actor: str
    action: str
    dossier: str | None
    detail: Mapping[str, Any]


def write(
    conn: Connection,
    at: datetime,
    actor: str,
    action: str,
    dossier: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Adds one line. `actor`: `officer:<account>`, `system:<stage>`, …; `detail` is a JSON object
    without personal data, for the journal outlives an erasure."""
    line = {"at": at, "actor": actor, "action": action, "dossier": dossier}
    conn.execute(_LINE, line | {"detail": dict(detail or {})})
    chain.due(conn)


def entries(conn: Connection, dossier: str) -> list[JournalEntry]:
    """Everything about one dossier, oldest first."""
    wanted = [journal.c[field.name] for field in fields(JournalEntry)]
    query = select(*wanted).where(journal.c.dossier == dossier).order_by(journal.c.seq)
    return [JournalEntry(**row) for row in conn.execute(query).mappings()]


def timeline(conn: Connection, dossier: str) -> list[tuple[str, datetime]]:
    """(state, since when), oldest first."""
    return [(detail["to"], at) for detail, at in conn.execute(_CHANGES, {"of": dossier})]
