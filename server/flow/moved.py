"""What is left to do when a dossier has changed hands, and the way back of one that was lent."""

from __future__ import annotations

from datetime import timedelta

from server.flow.move import Move
from server.flow.outcome import Later
from server.ports import Clock
from server.record import bindings, handovers
from server.record.handovers import Change
from server.record.jobs import Job
from server.record.store import Record
from sync.engine import Engine

LOOK_AGAIN = timedelta(hours=1)
PATIENCE = timedelta(hours=24)
"""How long a lent dossier waits for what the borrower has not sent whole."""
BRIEFLY = timedelta(minutes=1)


class ClearOut:
    def __init__(self, record: Record, documents: Engine, move: Move, clock: Clock) -> None:
        self._record = record
        self._documents = documents
        self._move = move
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        """Brings what arrived at a former owner's database late, and only then purges what is left
        there: were it that owner's again by now, the next run would bring everything back. Looks
        once more, as a write that the gate had let in before may arrive after."""
        dossier = job.dossier or ""
        owner = await self._record.read(lambda conn: bindings.bound_to(conn, dossier))
        former = await self._record.read(lambda conn: handovers.former(conn, dossier))
        if owner is None:
            return None
        found = False
        for each, _ in former:
            leaves = await self._move.bring(dossier, each, owner)
            if leaves:
                found = True
                await self._documents.purge(f"drafts-{each}", leaves)
                await self._documents.compact(f"drafts-{each}")
        if not found:
            return None
        now = self._clock()
        await self._record.run(lambda conn: bindings.note_touched(conn, owner, [dossier], now))
        return Later(now + LOOK_AGAIN)


class GiveBack:
    def __init__(self, record: Record, move: Move, clock: Clock) -> None:
        self._record = record
        self._move = move
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        """A lent dossier returns to the one who lent it: when it was filed, or when its time is
        over."""
        dossier = job.dossier or ""
        owner = await self._record.read(lambda conn: bindings.bound_to(conn, dossier))
        lent = await self._record.read(lambda conn: handovers.lender(conn, dossier))
        if owner is None or lent is None:
            return None
        lender, until = lent
        now = self._clock()
        if now < until + PATIENCE and not await self._move.ready(dossier, owner):
            return Later(now + BRIEFLY)
        await self._move.change(Change(dossier, owner, lender, "system:give_back", "returned"))
        return None
