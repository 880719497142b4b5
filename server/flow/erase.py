"""Erase: takes an erased dossier's documents out of the document store."""

from __future__ import annotations

from datetime import timedelta

from server.flow.outcome import Later
from server.ports import Clock
from server.record import bindings, handovers
from server.record.jobs import Job
from server.record.store import Record
from sync.engine import Engine
from sync.model import NotFound, Revision

LOOK_AGAIN = timedelta(hours=1)
PAGE = 500


class Erase:
    def __init__(self, record: Record, documents: Engine, clock: Clock) -> None:
        self._record = record
        self._documents = documents
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        """Purges and compacts, and looks once more: a write that the gate had let in before the
        erasure may arrive after it. The status that says `erased` is not looked for."""
        dossier = job.dossier or ""
        owner = await self._record.read(lambda conn: bindings.bound_to(conn, dossier))
        former = await self._record.read(lambda conn: handovers.former(conn, dossier))
        found = False
        for each in [owner, *(gone for gone, _ in former)]:
            found |= await self._purge(f"drafts-{each}", dossier)
        return Later(self._clock() + LOOK_AGAIN) if found else None

    async def _purge(self, db: str, dossier: str) -> bool:
        """False when there was nothing."""
        try:
            found = await self._documents_of(db, dossier)
            if found:
                await self._documents.purge(db, found)
                await self._documents.compact(db)
        except NotFound:
            return False
        return bool(found)

    async def _documents_of(self, db: str, dossier: str) -> dict[str, list[Revision]]:
        """Every leaf of every document of this dossier, tombstones included."""
        found: dict[str, list[Revision]] = {}
        since, pending = "0", 1
        while pending:
            page = await self._documents.changes(
                db, since, limit=PAGE, style="all_docs", include_docs=True
            )
            for change in page.results:
                kind, _, rest = change.id.partition(":")
                group = change.doc.body.get("group") if change.doc is not None else None
                told = kind == "status" and group in ("erased", "handed_over")
                if rest.split(":")[0] == dossier and not told:
                    found[change.id] = list(change.revs)
            since, pending = page.last_seq, page.pending
        return found
