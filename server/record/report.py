"""What the monthly report counts. An erasure leaves these columns alone, so a month stays what it
was when its dossiers are gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, delete, func, insert, select

from server.dossier.report import IN_PERSON, Cell, Course
from server.in_person import InPerson
from server.record.tables import decisions, dossiers, in_person

FINAL = ("approve", "reject")


def cells(conn: Connection, month: str, begin: datetime, end: datetime) -> list[Cell]:
    """Received from `begin` until `end`, and what was imported for the month."""
    d = dossiers.c
    alike = (d.procedure, d.point, d.channel, d.licence_class)
    query = select(*alike, func.count()).where(d.filed_at >= begin, d.filed_at < end)
    own = [Cell(*row) for row in conn.execute(query.group_by(*alike))]
    i = in_person.c
    imported = select(i.procedure, i.point, i.received).where(i.month == month, i.received > 0)
    return own + [
        Cell(procedure, point or None, IN_PERSON, None, received)
        for procedure, point, received in conn.execute(imported)
    ]


def courses(conn: Connection, begin: datetime, end: datetime) -> list[Course]:
    """Of the dossiers received from `begin` until `end`. A decision that can still be undone is
    none, and neither is a return for correction. Who was apologised to is late by the first
    promise."""
    d = dossiers.c
    final = and_(
        decisions.c.dossier == d.id,
        decisions.c.outcome.in_(FINAL),
        decisions.c.state == "done",
    )
    promised = func.coalesce(d.first_due_on, d.due_on)
    query = (
        select(d.filed_at, promised, decisions.c.made_at, d.closed_at)
        .outerjoin_from(dossiers, decisions, final)
        .where(d.filed_at >= begin, d.filed_at < end)
    )
    return [Course(*row) for row in conn.execute(query)]


def replace_in_person(conn: Connection, rows: Sequence[InPerson], now: datetime) -> None:
    """The rows become all that is known of their months."""
    months = {row.month for row in rows}
    conn.execute(delete(in_person).where(in_person.c.month.in_(months)))
    values = [
        {
            "month": row.month,
            "point": row.point,
            "procedure": row.procedure,
            "received": row.received,
            "imported_at": now,
        }
        for row in rows
    ]
    conn.execute(insert(in_person), values)
