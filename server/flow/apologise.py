"""Apologise: says before the promised date passes that it will not be kept, and promises anew."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from functools import partial

from server.dossier.calendar import ZONE, add_working_days, filing_date
from server.dossier.tables import in_force, table
from server.flow.outcome import Later
from server.ports import Clock
from server.record import apologies, decisions, dossiers, notices
from server.record.apologies import Apology
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.store import Connection, Record

ACTOR = "system:apologise"
EVERY = timedelta(hours=1)


class Apologise:
    """Once for each promised date, and only while nothing is decided and the clock runs. A new
    date of the authority's own stands over ours, whenever it comes."""

    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock

    async def run(self, job: Job) -> Later:
        now = self._clock()
        # Not in a transaction: the first look into the calendar takes a second.
        until = await asyncio.to_thread(_too_near, now)
        states = table("apology")["states"]
        for dossier in await self._record.read(lambda conn: apologies.due(conn, states, until)):
            row = await self._record.read(partial(dossiers.find, dossier=dossier))
            if row is not None and row.due_on:
                again = await asyncio.to_thread(_new_promise, row.due_on, now)
                said = Apology(now, row.due_on, again, _reason(row))
                await self._record.run(partial(_apologise, row=row, said=said))
        return Later(min(now + EVERY, _next_hour(now)))


def _next_hour(now: datetime) -> datetime:
    """When it is next time of day to apologise."""
    there = now.astimezone(ZONE)
    today = datetime.combine(there, time.fromisoformat(table("apology")["hour"]), ZONE)
    return today if today > there else today + timedelta(days=1)


def _apologise(conn: Connection, row: Dossier, said: Apology) -> None:
    rules = table("apology")
    paused = row.wait is not None and row.wait["what"] in rules["paused_by"]
    decided = decisions.latest(conn, row.id, row.n) or row.parked_from in rules["decided"]
    if row.state in rules["states"] and not paused and not decided:
        apologies.apologise(conn, ACTOR, row, said)
        notices.note(conn, said.at, row.id, [("apologised", f"apologised:{said.promised_on}")])


def _too_near(now: datetime) -> str:
    """The last promised day for which it is time by now, YYYY-MM-DD."""
    rules, there = table("apology"), now.astimezone(ZONE)
    before = int(rules["before_working_days"])
    if there.time() < time.fromisoformat(rules["hour"]):
        before -= 1
    return add_working_days(there.date(), before).isoformat()


def _new_promise(promised_on: str, now: datetime) -> str:
    """So many working days after the day that is not kept, or after today where that is over."""
    today = filing_date(now)
    rule = in_force(table("apology")["editions"], today)
    if rule is None:
        raise ValueError(f"apology.json has no row for {today}")
    last = max(date.fromisoformat(promised_on), today)
    return add_working_days(last, rule["working_days"]).isoformat()


def _reason(row: Dossier) -> str:
    what = str(row.wait["what"]) if row.wait else ""
    return what if what in table("apology")["reasons"] else "examined"
