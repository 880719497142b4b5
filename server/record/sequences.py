"""Numbers that are given out once: dossier codes of a day, the queue of a point."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from server.record.store import insert
from server.record.tables import sequences


def next_number(conn: Connection, name: str, day: date) -> int:
    """1, 2, 3, … of that name and day. A transaction that rolls back gives its number back."""
    first = insert(conn, sequences).values(name=name, day=day.isoformat(), value=1)
    rise = first.on_conflict_do_update(
        index_elements=["name", "day"], set_={"value": sequences.c.value + 1}
    )
    return int(conn.execute(rise.returning(sequences.c.value)).scalar_one())


def hold(conn: Connection, name: str, day: date) -> None:
    """Keeps others from that name and day until the transaction ends; takes no number."""
    first = insert(conn, sequences).values(name=name, day=day.isoformat(), value=0)
    same = {"value": sequences.c.value}
    conn.execute(first.on_conflict_do_update(index_elements=["name", "day"], set_=same))
