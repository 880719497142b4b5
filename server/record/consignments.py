"""Postal items on their way to a door."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from server.record.store import insert
from server.record.tables import consignments


@dataclass(frozen=True)
class Consignment:
    """`state`: booked, in_transit, delivered, failed, returned; pick_up: fetched at `point`
    instead, with a number where the post had it before; handed_over there."""

    dossier: str
    idempotency_key: str
    number: str | None
    state: str
    booked_at: datetime | None
    updated_at: datetime
    point: str | None = None


def find(conn: Connection, dossier: str) -> Consignment | None:
    query = select(consignments).where(consignments.c.dossier == dossier)
    row = conn.execute(query).mappings().one_or_none()
    return None if row is None else Consignment(**row)


def kept_at(conn: Connection, point: str) -> list[Consignment]:
    """Those that are fetched at a point, the first asked for first."""
    query = select(consignments).where(
        consignments.c.point == point, consignments.c.state == "pick_up"
    )
    rows = conn.execute(query.order_by(consignments.c.updated_at)).mappings()
    return [Consignment(**row) for row in rows]


def end(conn: Connection, dossier: str, state: str, at: datetime) -> None:
    mine = consignments.c.dossier == dossier
    conn.execute(update(consignments).where(mine).values(state=state, updated_at=at))


def keep(conn: Connection, row: Consignment) -> None:
    values = asdict(row)
    new = insert(conn, consignments).values(**values)
    conn.execute(new.on_conflict_do_update(index_elements=["dossier"], set_=values))
