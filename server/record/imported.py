"""Certificates that facilities sent in batches. Nobody is named: number, name and birth date are
kept as keyed hashes, to be found again by who knows them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from server.dossier import states
from server.record.store import insert
from server.record.tables import dossiers, jobs
from server.record.tables import imported_certificates as table


@dataclass(frozen=True)
class Imported:
    """`number`, `name`, `birth` and `year` are hashes; no `birth` where only the year is known."""

    number: str
    name: str
    birth: str | None
    year: str
    facility: str
    licence_class: str
    concluded_on: str
    conclusion: str


def put(conn: Connection, row: Imported, at: datetime) -> None:
    """A certificate that is there already, by number and class, is replaced."""
    values = asdict(row) | {"imported_at": at}
    statement = insert(conn, table).values(**values)
    keys = ["number", "licence_class"]
    changes = {name: value for name, value in values.items() if name not in keys}
    conn.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes))


def find(conn: Connection, number: str) -> list[Imported]:
    columns = [column for column in table.c if column.name != "imported_at"]
    rows = conn.execute(select(*columns).where(table.c.number == number))
    return [Imported(**row._mapping) for row in rows]


def look_again(conn: Connection, at: datetime) -> int:
    """Dossiers that wait for a certificate look again now: it may have come. How many."""
    waiting = select(dossiers.c.id).where(dossiers.c.state == "waiting")
    mine = (
        jobs.c.kind == states.stage("waiting"),
        jobs.c.dossier.in_(waiting),
        jobs.c.locked_until.is_(None),
        jobs.c.parked_at.is_(None),
    )
    return conn.execute(update(jobs).where(*mine).values(run_at=at)).rowcount


def forget(conn: Connection, before: datetime) -> int:
    """Drops what was imported before then. How many."""
    return conn.execute(delete(table).where(table.c.imported_at < before)).rowcount
