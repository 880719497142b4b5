"""Work to do: durable, one at a time a dossier and in order, with back-off and parking."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from server.record.columns import Instant
from server.record.tables import jobs

LEASE = timedelta(minutes=5)
"""A job whose worker died without releasing it is taken up again after this long."""
CLAIMING = 0xD01BAA
"""Key of PostgreSQL's advisory lock: servers' clocks differ a little, so two of them may find two
jobs of one dossier the next one at the same moment."""


@dataclass(frozen=True)
class Job:
    """`attempts`: how often it failed so far."""

    id: int
    kind: str
    dossier: str | None
    attempts: int
    payload: Mapping[str, Any]


# Built once: the worker asks for these with every job.
_J, _OTHER = jobs.c, jobs.alias()
_O, _NOW = _OTHER.c, bindparam("now", type_=_J.run_at.type)
_BEFORE = and_(
    _O.dossier == _J.dossier,
    _O.id != _J.id,
    or_(
        _O.locked_until >= _NOW,
        and_(_O.id < _J.id, _O.run_at <= _NOW, _O.parked_at.is_(None)),
    ),
)
_NEXT = (
    select(jobs)
    .where(
        _J.run_at <= _NOW,
        _J.parked_at.is_(None),
        or_(_J.locked_until.is_(None), _J.locked_until < _NOW),
        ~select(_O.id).where(_BEFORE).exists(),
    )
    .order_by(_J.run_at, _J.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_LOCK = update(jobs).where(_J.id == bindparam("of"))
_LOCK = _LOCK.values(locked_by=bindparam("worker"), locked_until=bindparam("until"))
_OPEN = _J.parked_at.is_(None), _J.locked_until.is_(None)
_WAITS = (
    select(_J.id, _J.run_at)
    .where(_J.kind == bindparam("of_kind"), *_OPEN)
    .order_by(_J.id)
    .limit(1)
    .with_for_update()
)
_WAITS_OF = _WAITS.where(_J.dossier == bindparam("of"))
_WAITS_ALONE = _WAITS.where(_J.dossier.is_(None))
_ADD = insert(jobs)
_DONE = delete(jobs).where(_J.id == bindparam("of"))
_FREE = {"locked_by": None, "locked_until": None}
_AGAIN = update(jobs).where(_J.id == bindparam("of"))
_CLEAN = {"attempts": 0, "last_error": None, "failing_since": None}
_AGAIN = _AGAIN.values(run_at=bindparam("at"), **_CLEAN, **_FREE)
_RELEASE = update(jobs).where(_J.locked_by == bindparam("of"))
_RELEASE = _RELEASE.values(_FREE)
_NEXT_DUE = select(_J.run_at).where(*_OPEN).order_by(_J.run_at).limit(1)


def add(
    conn: Connection,
    kind: str,
    run_at: datetime,
    dossier: str | None = None,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """One more job. Where the same kind already waits for this dossier, that one runs no later
    than `run_at` instead, with the new payload."""
    waits = (_WAITS_OF, {"of": dossier}) if dossier else (_WAITS_ALONE, {})
    found = conn.execute(waits[0], waits[1] | {"of_kind": kind}).one_or_none()
    new = {"kind": kind, "dossier": dossier, "run_at": run_at, "payload": dict(payload or {})}
    if found is None:
        conn.execute(_ADD, new)
        return
    change = update(jobs).where(jobs.c.id == found.id)
    conn.execute(change.values(run_at=min(found.run_at, run_at), payload=new["payload"]))


def ensure(conn: Connection, kind: str, run_at: datetime) -> None:
    """The one job of this kind that belongs to no dossier exists; it runs again by itself."""
    _alone(conn)
    if conn.execute(select(jobs.c.id).where(jobs.c.kind == kind).limit(1)).first() is None:
        add(conn, kind, run_at)


def claim(conn: Connection, now: datetime, worker: str) -> Job | None:
    """Locks the next due job for this worker: the oldest first, and none of a dossier that has a
    job running or an older one due."""
    _alone(conn)
    row = conn.execute(_NEXT, {"now": now}).one_or_none()
    if row is None:
        return None
    conn.execute(_LOCK, {"of": row.id, "worker": worker, "until": now + LEASE})
    return Job(row.id, row.kind, row.dossier, row.attempts, row.payload)


def _alone(conn: Connection) -> None:
    """Nobody else passes here until this transaction ends. SQLite has one writer anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.pg_advisory_xact_lock(CLAIMING)))


def prolong(conn: Connection, ids: Collection[int], now: datetime) -> None:
    """Keeps the locks of jobs that are still being worked on."""
    conn.execute(update(jobs).where(jobs.c.id.in_(ids)).values(locked_until=now + LEASE))


def finish(conn: Connection, job: int) -> None:
    conn.execute(_DONE, {"of": job})


def again(conn: Connection, job: int, run_at: datetime) -> None:
    """Waiting is no failure: runs again at that time with a clean count."""
    conn.execute(_AGAIN, {"of": job, "at": run_at})


def failed(conn: Connection, job: int, now: datetime, run_at: datetime, error: str) -> None:
    """Runs again at that time; one more failure is counted."""
    _unlock(conn, job, {"run_at": run_at, **_failure(now, error)})


def park(conn: Connection, job: int, at: datetime, error: str) -> None:
    """Left for a person."""
    _unlock(conn, job, {"parked_at": at, **_failure(at, error)})


def _failure(now: datetime, error: str) -> dict[str, Any]:
    since = func.coalesce(jobs.c.failing_since, literal(now, Instant))
    return {"attempts": jobs.c.attempts + 1, "last_error": error, "failing_since": since}


def _unlock(conn: Connection, job: int, values: Mapping[str, Any]) -> None:
    change = update(jobs).where(jobs.c.id == job)
    conn.execute(change.values(**values, **_FREE))


def hurry(conn: Connection, dossier: str, at: datetime) -> int:
    """A person said "try now": parked and waiting jobs of the dossier become due. How many."""
    mine = and_(jobs.c.dossier == dossier, jobs.c.locked_until.is_(None))
    values = {"run_at": at, "parked_at": None, "attempts": 0}
    return conn.execute(update(jobs).where(mine).values(**values)).rowcount


def cancel(conn: Connection, dossier: str, kinds: tuple[str, ...]) -> None:
    """Drops jobs of these kinds that are not running."""
    mine = and_(jobs.c.dossier == dossier, jobs.c.kind.in_(kinds), jobs.c.locked_until.is_(None))
    conn.execute(delete(jobs).where(mine))


def release(conn: Connection, worker: str) -> None:
    """What a former run of this worker had locked can be taken up again."""
    conn.execute(_RELEASE, {"of": worker})


def next_due(conn: Connection) -> datetime | None:
    """When the earliest job that is not parked wants to run."""
    return conn.execute(_NEXT_DUE).scalar_one_or_none()


def parked(conn: Connection, dossier: str) -> list[tuple[str, str]]:
    """(kind, error) of the dossier's parked jobs."""
    mine = and_(jobs.c.dossier == dossier, jobs.c.parked_at.is_not(None))
    query = select(jobs.c.kind, jobs.c.last_error).where(mine).order_by(jobs.c.id)
    return [(row.kind, row.last_error) for row in conn.execute(query)]
