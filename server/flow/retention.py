"""Retention: sweeps chunks that no accepted submission lists. Once a day."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from server.flow.outcome import Later
from server.ports import Clock
from server.record import journal, retention
from server.record.jobs import Job
from server.record.store import Record
from sync.engine import Engine
from sync.model import NotFound

ORPHANS = timedelta(days=90)
EVERY = timedelta(days=1)
PAGE = 200


class Retention:
    def __init__(self, record: Record, documents: Engine, clock: Clock) -> None:
        self._record = record
        self._documents = documents
        self._clock = clock

    async def run(self, job: Job) -> Later:
        """Goes through all dossiers whose chunks may be orphans, page by page."""
        now, after = self._clock(), ""
        while True:
            page = await self._record.read(
                partial(retention.to_sweep, before=now - ORPHANS, after=after, limit=PAGE)
            )
            for dossier, owner, keep in page:
                await self._sweep(dossier, owner, keep)
            if len(page) < PAGE:
                return Later(now + EVERY)
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
            lambda conn: journal.write(conn, now, "system:sweep", "swept", dossier, detail)
        )
