"""What waits for an outside system: calls that fail, and what the National Portal is not told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, or_, select

from server.record.tables import dossiers, jobs, payments, portal_syncs


@dataclass(frozen=True)
class Wait:
    """`what`: portal, or the kind of a job that fails; `next_try` None where a person is waited
    for; `reason`: what was said last, without personal data."""

    dossier: str
    what: str
    since: datetime
    next_try: datetime | None
    tries: int
    reason: str | None


def of_dossiers(conn: Connection, wanted: Collection[str]) -> Mapping[str, Sequence[Wait]]:
    """By dossier, the longest first. What the dossier's own `wait` says is not among them."""
    paid = select(payments.c.id, payments.c.dossier).where(payments.c.dossier.in_(wanted))
    behind = {row.id: row.dossier for row in conn.execute(paid)}
    failing = jobs.c.dossier.in_([*wanted, *behind]), jobs.c.failing_since.is_not(None)
    found = [
        Wait(
            behind.get(row.dossier, row.dossier),
            row.kind,
            row.failing_since,
            None if row.parked_at else row.run_at,
            row.attempts,
            row.last_error,
        )
        for row in conn.execute(select(jobs).where(*failing))
    ]
    untold = portal_syncs.c.dossier.in_(wanted), portal_syncs.c.since.is_not(None)
    found += [
        Wait(row.dossier, "portal", row.since, row.retry_at, row.tries, row.reason)
        for row in conn.execute(select(portal_syncs).where(*untold))
    ]
    listed: dict[str, list[Wait]] = {}
    for each in sorted(found, key=lambda one: one.since):
        listed.setdefault(each.dossier, []).append(each)
    return listed


def waiting() -> ColumnElement[bool]:
    """Dossiers for which something outside is awaited."""
    failing = jobs.c.failing_since.is_not(None)
    own = select(jobs.c.dossier).where(failing)
    paying = select(payments.c.dossier).join(jobs, jobs.c.dossier == payments.c.id).where(failing)
    untold = select(portal_syncs.c.dossier).where(portal_syncs.c.since.is_not(None))
    here = dossiers.c.id
    awaited = or_(dossiers.c.wait.is_not(None), here.in_(own), here.in_(paying), here.in_(untold))
    return awaited & dossiers.c.wrapped_key.is_not(None)


def count(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).where(waiting())).scalar_one())
