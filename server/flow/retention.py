"""Retention, once a day, by the table of periods: sweeps chunks that no accepted submission lists,
erases dossiers that ended long ago, forgets what is of no more use, retires the databases of owners
who have nothing left."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from server.dossier.calendar import filing_date
from server.dossier.retention import period
from server.flow.outcome import Later
from server.ports import Clock
from server.record import (
    draft_readings,
    erasure,
    imported,
    journal,
    notices,
    queue_numbers,
    retention,
)
from server.record.jobs import Job
from server.record.store import Connection, Record
from sync.engine import Engine
from sync.model import NotFound

ORPHANS = period("drafts")
EVERY = timedelta(days=1)
PAGE = 200
ACTOR = "system:sweep"


class Retention:
    def __init__(
        self, record: Record, documents: Engine, clock: Clock, keep: Mapping[str, timedelta]
    ) -> None:
        """`keep`: ended state → how long a dossier stays in it."""
        self._record = record
        self._documents = documents
        self._clock = clock
        self._keep = keep

    async def run(self, job: Job) -> Later:
        await self._erase()
        await self._sweep_all()
        await self._retire()
        await self._record.run(self._forget)
        return Later(self._clock() + EVERY)

    def _forget(self, conn: Connection) -> None:
        now = self._clock()
        draft_readings.forget_old(conn, now - ORPHANS)
        imported.forget(conn, now - period("imported_certificates"))
        queue_numbers.forget(conn, filing_date(now - period("queue_numbers")))
        notices.forget_ended(conn, now - period("notices"))

    async def _erase(self) -> None:
        """What ended long enough ago. Their documents go by jobs of their own."""
        for state, keep in self._keep.items():
            before = self._clock() - keep
            find = partial(erasure.to_erase, state=state, closed_before=before, limit=PAGE)
            while page := await self._record.read(find):
                for dossier in page:
                    begin = partial(erasure.begin, dossier=dossier, actor=ACTOR, now=self._clock())
                    await self._record.run(begin)

    async def _retire(self) -> None:
        """Databases of owners all of whose dossiers were erased so long ago that each of their
        devices has either read so or forgotten by itself."""
        before, after = self._clock() - ORPHANS, ""
        find = partial(erasure.to_retire, erased_before=before, limit=PAGE)
        while page := await self._record.read(partial(find, after=after)):
            for owner in page:
                with contextlib.suppress(NotFound):
                    await self._documents.delete(f"drafts-{owner}")
                await self._record.run(partial(erasure.retired, owner=owner))
            after = page[-1]

    async def _sweep_all(self) -> None:
        """Goes through all dossiers whose chunks may be orphans, page by page."""
        now, after = self._clock(), ""
        while True:
            page = await self._record.read(
                partial(retention.to_sweep, before=now - ORPHANS, after=after, limit=PAGE)
            )
            for dossier, owner, keep in page:
                await self._sweep(dossier, owner, keep)
            if len(page) < PAGE:
                return
            after = page[-1][0]

    async def _sweep(self, dossier: str, owner: str, keep: set[str]) -> None:
        db, prefix = f"drafts-{owner}", f"chunk:{dossier}:"
        try:
            rows = await self._documents.all_docs(db, start=prefix, end=prefix + "\uffff")
        except NotFound:
            return
        orphans = {row.id: [row.rev] for row in rows if row.id not in keep}
        if not orphans:
            return
        await self._documents.purge(db, orphans)
        detail = {"chunks": len(orphans)}
        now = self._clock()
        await self._record.run(
            lambda conn: journal.write(conn, now, ACTOR, "swept", dossier, detail)
        )
