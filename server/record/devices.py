"""Devices as the server knows them: when they were last seen, what they still owe, their clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from server.record.tables import dossiers, grants, intakes, submissions

SILENT: Final = timedelta(days=7)
"""A device that owes something and was not seen for so long is missed."""


@dataclass(frozen=True)
class Device:
    """`incomplete`: dossiers of its owner of which something is missing here. `ahead`: by how much
    its clock was ahead at least, for what it sealed arrived before that time; None: not seen to
    be. A clock that is behind cannot be told from a phone that was offline."""

    device: str
    owner: str
    seen_at: datetime
    incomplete: int
    ahead: timedelta | None


def silent(conn: Connection, before: datetime) -> list[Device]:
    """Devices whose grant is good, that were not seen since `before` and owe something, or whose
    clock is ahead; the longest silent first."""
    good = grants.c.revoked_at.is_(None), grants.c.lost_at.is_(None)
    query = select(grants.c.device, grants.c.owner, func.max(grants.c.seen_at).label("seen_at"))
    rows = conn.execute(query.where(*good).group_by(grants.c.device, grants.c.owner)).all()
    owed = select(intakes.c.owner, func.count().label("n")).where(intakes.c.group == "incomplete")
    incomplete = {row.owner: row.n for row in conn.execute(owed.group_by(intakes.c.owner))}
    ahead = _ahead(conn)
    found = [
        Device(
            row.device, row.owner, row.seen_at, incomplete.get(row.owner, 0), ahead.get(row.owner)
        )
        for row in rows
    ]
    wanted = [one for one in found if one.ahead or (one.incomplete and one.seen_at < before)]
    return sorted(wanted, key=lambda one: one.seen_at)


def _ahead(conn: Connection) -> dict[str, timedelta]:
    """By owner; a few minutes are nothing."""
    query = select(
        dossiers.c.owner, submissions.c.device_time, submissions.c.accepted_at
    ).join_from(submissions, dossiers, dossiers.c.id == submissions.c.dossier)
    told = submissions.c.device_time.is_not(None), submissions.c.accepted_at.is_not(None)
    found: dict[str, timedelta] = {}
    for owner, device_time, accepted_at in conn.execute(query.where(*told)):
        try:
            off = datetime.fromisoformat(device_time) - accepted_at
        except ValueError:
            continue  # a device may say anything; the finding `clock_off` has told the officer
        if off > timedelta(minutes=5):
            found[owner] = max(off, found.get(owner, off))
    return found
