"""Which devices an administrator should ask after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from server.check import devices as lines
from server.record import devices, grants, intakes
from server.record.grants import Grant
from server.record.intakes import Intake
from server.record.store import Record

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def known(conn: Connection, number: int, seen_days_ago: int, incomplete: int) -> None:
    owner = f"{number:032x}"
    seen = NOW - timedelta(days=seen_days_ago)
    grants.create_owner(conn, owner, seen)
    until = NOW + timedelta(days=90)
    grants.create(conn, Grant(owner, owner, owner, owner * 2, seen, seen, until))
    for each in range(incomplete):
        dossier = f"{number:016x}{each:016x}"
        intakes.keep(conn, Intake(dossier, owner, "incomplete", "incomplete", seen))


def test_who_owes_something_and_is_silent(record: Record) -> None:
    def work(conn: Connection) -> None:
        known(conn, 1, seen_days_ago=20, incomplete=2)
        known(conn, 2, seen_days_ago=30, incomplete=0)
        known(conn, 3, seen_days_ago=2, incomplete=1)
        known(conn, 4, seen_days_ago=40, incomplete=1)

    record.now(work)
    found = record.now(lambda conn: devices.silent(conn, NOW - timedelta(days=7)))
    assert [(int(one.device, 16), one.incomplete) for one in found] == [(4, 1), (1, 2)]
    assert "last seen 40 days ago, 1 dossiers" in lines(found, NOW)[0]
