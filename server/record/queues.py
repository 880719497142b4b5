"""Lists of dossiers: the officers' queue, a clerk's and an applicant's own, following by slip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from server.dossier.persons import fold
from server.record import waits
from server.record.dossiers import Dossier
from server.record.tables import dossiers, intakes, owners

PAGE = 50
AWAITING = "awaiting"
"""Asked for in place of a state: whatever waits for an outside system, ended dossiers too."""
_NO_DATE = "9999-12-31"
_due = func.coalesce(dossiers.c.due_on, _NO_DATE)


@dataclass(frozen=True)
class Page:
    """`cursor` continues after the last row; None at the end."""

    rows: list[Dossier]
    cursor: str | None


def queue(
    conn: Connection, search: str = "", state: str = "", cursor: str = "", limit: int = PAGE
) -> Page:
    """Due date first. Without a state and a search: what is still open. `search` is part of a
    name, a dossier code or a slip code, with or without accents."""
    query = select(dossiers).where(*_wanted(search, state))
    if cursor:
        due, _, last = cursor.partition(".")
        query = query.where(or_(_due > due, and_(_due == due, dossiers.c.id > last)))
    rows = _rows(conn, query.order_by(_due, dossiers.c.id).limit(limit + 1))
    if len(rows) <= limit:
        return Page(rows, None)
    last_row = rows[limit - 1]
    return Page(rows[:limit], f"{last_row.due_on or _NO_DATE}.{last_row.id}")


def counts(conn: Connection) -> dict[str, int]:
    """{state: how many}."""
    query = select(dossiers.c.state, func.count().label("number")).group_by(dossiers.c.state)
    return {row.state: row.number for row in conn.execute(query)}


def _wanted(search: str, state: str) -> list[ColumnElement[bool]]:
    words = [fold(part) for part in search.split()]
    wanted: list[ColumnElement[bool]] = [dossiers.c.search.contains(word) for word in words if word]
    if state == AWAITING:
        wanted.append(waits.waiting())
    elif state:
        wanted.append(dossiers.c.state == state)
    elif not wanted:
        wanted.append(dossiers.c.closed_at.is_(None))
    return wanted


def of_account(conn: Connection, account: str) -> list[Dossier]:
    """Open dossiers of all owners that an account adopted, newest first."""
    query = (
        select(dossiers)
        .join(owners, owners.c.owner == dossiers.c.owner)
        .where(owners.c.account == account, dossiers.c.closed_at.is_(None))
    )
    return _rows(conn, query.order_by(dossiers.c.updated_at.desc()))


def helped_by(conn: Connection, account: str, since: datetime) -> list[Mapping[str, Any]]:
    """What a clerk helped with: open, or changed since then. Rows of `intakes` with the dossier's
    `state`, `code` and `filed_at`, None where no submission is complete yet."""
    query = (
        select(
            intakes, dossiers.c.state, dossiers.c.code.label("dossier_code"), dossiers.c.filed_at
        )
        .outerjoin(dossiers, dossiers.c.id == intakes.c.dossier)
        .where(
            intakes.c.helper_account == account,
            or_(dossiers.c.closed_at.is_(None), dossiers.c.updated_at >= since),
        )
        .order_by(intakes.c.updated_at.desc())
    )
    return [dict(row) for row in conn.execute(query).mappings()]


def by_slip(conn: Connection, slip: str, birth_hash: str) -> Dossier | None:
    """The newest one with this slip code and keyed birth date."""
    mine = dossiers.c.slip == slip, dossiers.c.birth_hash == birth_hash
    query = select(dossiers).where(*mine).order_by(dossiers.c.filed_at.desc()).limit(1)
    return next(iter(_rows(conn, query)), None)


def with_slip(conn: Connection, slip: str) -> list[Dossier]:
    """All with this slip code: devices draw them, so that two may be the same."""
    mine = dossiers.c.slip == slip, dossiers.c.wrapped_key.is_not(None)
    return _rows(conn, select(dossiers).where(*mine))


def _rows(conn: Connection, query: Select[Any]) -> list[Dossier]:
    names = {field.name for field in fields(Dossier)}
    return [
        Dossier(**{name: value for name, value in row.items() if name in names})
        for row in conn.execute(query).mappings()
    ]
