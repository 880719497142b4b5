"""What the server said to requests that ask for something of a point: the newest of a kind is
kept.

Codes, points and days only; a dossier's erasure takes them along.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from server.record.store import insert
from server.record.tables import answered


@dataclass(frozen=True)
class Answer:
    """`document`: the request's `_id`. `said`: {"code", …}."""

    document: str
    dossier: str
    kind: str
    at: datetime
    said: Mapping[str, Any]


def keep(conn: Connection, answer: Answer) -> None:
    """The request is not done again, and this is now the answer to its kind."""
    before = answered.c.dossier == answer.dossier, answered.c.kind == answer.kind
    conn.execute(update(answered).where(*before).values(kind=None, answer=None))
    values = {
        "document": answer.document,
        "dossier": answer.dossier,
        "kind": answer.kind,
        "at": answer.at,
        "answer": dict(answer.said),
    }
    row = insert(conn, answered).values(**values)
    conn.execute(row.on_conflict_do_update(index_elements=["document"], set_=values))


def of_kind(conn: Connection, kind: str) -> list[Answer]:
    """The newest answers of a kind, the first asked first."""
    query = select(answered).where(answered.c.kind == kind).order_by(answered.c.at)
    return [_answer(row) for row in conn.execute(query).mappings()]


def latest(conn: Connection, dossier: str, kind: str) -> Answer | None:
    mine = answered.c.dossier == dossier, answered.c.kind == kind
    row = conn.execute(select(answered).where(*mine)).mappings().first()
    return _answer(row) if row else None


def _answer(row: RowMapping) -> Answer:
    return Answer(row["document"], row["dossier"], row["kind"], row["at"], row["answer"])
