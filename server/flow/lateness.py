"""Lateness, each morning: who asked to be told hears that the promised day has passed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from server.dossier.calendar import ZONE, filing_date
from server.flow.outcome import Later
from server.ports import Clock
from server.record import notices
from server.record.jobs import Job
from server.record.store import Connection, Record

MORNING = time(8)


class Lateness:
    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock

    async def run(self, job: Job) -> Later:
        now = self._clock()
        today = filing_date(now)

        def note(conn: Connection) -> None:
            for dossier, due_on in notices.overdue(conn, today.isoformat()):
                notices.note(conn, now, dossier, [("late", f"late:{due_on}")])

        await self._record.run(note)
        return Later(datetime.combine(today + timedelta(days=1), MORNING, ZONE))
