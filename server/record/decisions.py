"""Decisions: one a submission number, pending while it can be undone."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from server.errors import Conflict
from server.record.tables import decisions


@dataclass(frozen=True)
class Decision:
    """`outcome`: approve, return, reject. `detail` is sealed with the dossier's key under the id
    `decision:<id>` and schema `decision/1`: items, reason, law, text. `by`: an actor as the
    journal writes it."""

    id: str
    dossier: str
    n: int
    outcome: str
    detail: str | None
    by: str
    made_at: datetime
    leaves_at: datetime
    state: str  # pending, done


def make(conn: Connection, decision: Decision) -> None:
    """`Conflict("already_decided")` where this submission has one, pending or done."""
    if latest(conn, decision.dossier, decision.n) is not None:
        raise Conflict("already_decided")
    try:
        conn.execute(insert(decisions).values(**asdict(decision)))
    except IntegrityError as error:  # another process was a moment faster
        raise Conflict("already_decided") from error


_OF = decisions.c.dossier == bindparam("dossier"), decisions.c.n == bindparam("n")
_LATEST = select(decisions).where(*_OF)


def latest(conn: Connection, dossier: str, n: int) -> Decision | None:
    row = conn.execute(_LATEST, {"dossier": dossier, "n": n}).mappings().one_or_none()
    return None if row is None else Decision(**row)


def pending(conn: Connection, dossier: str) -> Decision | None:
    mine = decisions.c.dossier == dossier, decisions.c.state == "pending"
    row = conn.execute(select(decisions).where(*mine)).mappings().one_or_none()
    return None if row is None else Decision(**row)


def undo(conn: Connection, decision: str) -> None:
    mine = decisions.c.id == decision, decisions.c.state == "pending"
    conn.execute(delete(decisions).where(*mine))


def leave(conn: Connection, decision: str) -> None:
    """The decision moved the dossier and is final."""
    conn.execute(update(decisions).where(decisions.c.id == decision).values(state="done"))
