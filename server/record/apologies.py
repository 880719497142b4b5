"""Apologies for lateness: each is one line of the journal, which outlives the dossier."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from server.record import dossiers, journal
from server.record.dossiers import Dossier
from server.record.tables import dossiers as table
from server.record.tables import journal as lines

ACTION = "apology"


@dataclass(frozen=True)
class Apology:
    """`promised_on`: the day that will not be kept; `reason`: a key of data/apology.json."""

    at: datetime
    promised_on: str
    new_promised_on: str
    reason: str


def due(conn: Connection, states: Collection[str], until: str) -> list[str]:
    """Dossiers in these states that were promised for that day or before, the first due first;
    those erased are nobody's any more."""
    open_ones = table.c.state.in_(states), table.c.due_on <= until, table.c.wrapped_key.is_not(None)
    query = select(table.c.id).where(*open_ones).order_by(table.c.due_on, table.c.id)
    return list(conn.execute(query).scalars())


def apologise(conn: Connection, actor: str, dossier: Dossier, said: Apology) -> None:
    """The new day is the promised one from now on. Conflict stale when the dossier moved on."""
    detail: dict[str, Any] = asdict(said)
    del detail["at"]
    first = dossier.first_due_on or said.promised_on
    dossiers.change(conn, said.at, dossier, due_on=said.new_promised_on, first_due_on=first)
    journal.write(conn, said.at, actor, ACTION, dossier.id, detail)


def latest(conn: Connection, dossier: str) -> Apology | None:
    mine = lines.c.dossier == dossier, lines.c.action == ACTION
    query = select(lines.c.at, lines.c.detail).where(*mine).order_by(lines.c.seq.desc()).limit(1)
    found = conn.execute(query).one_or_none()
    return None if found is None else Apology(found.at, **found.detail)
