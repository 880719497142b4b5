"""Poll: one question for all dossiers that wait at an outside decider."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import partial

from server.dossier.calendar import filing_date
from server.flow.outcome import Later
from server.ports import ApprovalGateway, Clock
from server.record import forwardings, jobs
from server.record.jobs import Job
from server.record.store import Connection, Record

EVERY = timedelta(minutes=10)


class Poll:
    """Whoever was decided is looked at by `Decide` at once. Each question begins at the oldest
    dossier that still waits, so nothing slips through between two of them."""

    def __init__(
        self, record: Record, gateways: Mapping[str, ApprovalGateway], clock: Clock
    ) -> None:
        """`gateways` as in Forward."""
        self._record = record
        self._gateways = gateways
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        """None: nobody waits any more; the next forwarding brings a new job."""
        waiting = await self._record.read(forwardings.waiting)
        for approval, oldest in waiting.items():
            keys = await self._gateways[approval].decided(filing_date(oldest))
            await self._record.run(partial(self._wake, keys=keys))
        return Later(self._clock() + EVERY) if waiting else None

    def _wake(self, conn: Connection, keys: Collection[str]) -> None:
        for dossier in forwardings.awaited(conn, keys):
            jobs.add(conn, "decide", self._clock(), dossier)
