"""Dossiers: a state change, its journal line and its next jobs are one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from server.dossier import states
from server.errors import Conflict, NotFound
from server.record import jobs, journal, statuses
from server.record.tables import decisions, dossiers


@dataclass(frozen=True)
class Dossier:
    """One row. `due_on`: the day promised now; `first_due_on`: the one before an apology. `wait`:
    {"what", "since", "next_try"} while something outside is awaited. `version` rises with every
    state change."""

    id: str
    owner: str
    state: str
    version: int
    n: int
    submission: str
    code: str
    slip: str
    procedure: str
    channel: str
    assurance: str
    approval: str
    filed_at: datetime
    updated_at: datetime
    parked_from: str | None = None
    birth_hash: str | None = None
    name: str | None = None
    search: str | None = None
    licence_class: str | None = None
    helper_account: str | None = None
    point: str | None = None
    due_on: str | None = None
    first_due_on: str | None = None
    closed_at: datetime | None = None
    wait: Mapping[str, Any] | None = None
    fee_amount: int | None = None
    fee_state: str | None = None
    errors: int = 0
    warnings: int = 0
    wrapped_key: str | None = None


# Built once: every change begins with these.
_ONE = select(dossiers).where(dossiers.c.id == bindparam("of")).with_for_update()
_PENDING = select(decisions.c.id).where(
    decisions.c.dossier == bindparam("of"), decisions.c.state == "pending"
)


def find(conn: Connection, dossier: str) -> Dossier | None:
    row = conn.execute(_ONE, {"of": dossier}).mappings().one_or_none()
    return None if row is None else Dossier(**row)


def by_code(conn: Connection, code: str) -> str | None:
    """The id behind a dossier code."""
    return conn.execute(select(dossiers.c.id).where(dossiers.c.code == code)).scalar()


def by_plain_code(conn: Connection, end: str) -> Dossier | None:
    """The one dossier whose code ends so, in letters and digits only; None where several do."""
    plain = func.replace(func.replace(dossiers.c.code, ".", ""), "-", "")
    query = select(dossiers.c.id).where(func.upper(plain).endswith(end, autoescape=True))
    found = conn.execute(query.limit(2)).scalars().all()
    return find(conn, found[0]) if len(found) == 1 else None


def load(conn: Connection, dossier: str) -> Dossier:
    """Raises NotFound."""
    found = find(conn, dossier)
    if found is None:
        raise NotFound()
    return found


def receive(conn: Connection, actor: str, new: Dossier) -> None:
    """A dossier begins, in the state `received`."""
    conn.execute(insert(dossiers).values(**asdict(new)))
    _changed(conn, actor, new.id, None, new.state, new.updated_at, {})


def advance(
    conn: Connection,
    at: datetime,
    actor: str,
    before: Dossier,
    transition: str,
    *,
    detail: Mapping[str, Any] | None = None,
    deciding: bool = False,
    run_at: datetime | None = None,
    **changes: Any,
) -> Dossier:
    """Moves a dossier along one transition of the state table and returns what it became.

    `before` is what the caller judged by: `Conflict("stale")` when it has changed since.
    `Conflict("decision_pending")` while an officer's decision can still be undone, unless it is
    that decision that moves (`deciding`). IllegalTransition for what the table does not have.
    `run_at`: when the new state's stage is to run, at once by default.
    """
    now = load(conn, before.id)
    if now.version != before.version:
        raise Conflict("stale")
    if not deciding and _pending(conn, before.id):
        raise Conflict("decision_pending")
    state = states.advance(now.state, transition, now.parked_from)
    values: dict[str, Any] = {
        "wait": None,
        **changes,
        "state": state,
        "version": now.version + 1,
        "updated_at": at,
        "parked_from": now.state if transition == "park" else None,
        "closed_at": at if states.ended(state) else None,
    }
    conn.execute(update(dossiers).where(dossiers.c.id == now.id).values(**values))
    line = {"by": transition, **(detail or {})}
    _changed(conn, actor, now.id, now.state, state, at, line, run_at)
    return load(conn, now.id)


def change(
    conn: Connection, at: datetime, before: Dossier, *, told: bool = True, **changes: Any
) -> None:
    """Changes what is not the state (wait, fee, counts of findings) and announces it where the
    applicant is `told`. `Conflict("stale")` when the state has changed meanwhile."""
    now = load(conn, before.id)
    if now.version != before.version:
        raise Conflict("stale")
    mine = update(dossiers).where(dossiers.c.id == now.id)
    conn.execute(mine.values(**changes, updated_at=at))
    if told:
        statuses.announce(conn, at, now.id)


def _changed(
    conn: Connection,
    actor: str,
    dossier: str,
    before: str | None,
    after: str,
    at: datetime,
    detail: Mapping[str, Any],
    run_at: datetime | None = None,
) -> None:
    line = {**detail, "from": before, "to": after}
    journal.write(conn, at, actor, journal.STATE, dossier, line)
    statuses.announce(conn, at, dossier)
    if stage := states.stage(after):
        jobs.add(conn, stage, run_at or at, dossier)


def _pending(conn: Connection, dossier: str) -> bool:
    return conn.execute(_PENDING, {"of": dossier}).first() is not None
