"""Forward: hands a validated dossier to its one decider, however long that takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from server.auth.access import Vaulted, stage
from server.dossier.calendar import filing_date
from server.dossier.triage import may_forward
from server.errors import Duplicate, Refused, Throttled, Unavailable
from server.flow.outcome import Later, backoff
from server.ports import Accepted, ApprovalGateway, Clock, ForwardedPhoto, Forwarding
from server.record import dossiers, forwardings, jobs, journal
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.forwardings import ForwardingRow
from server.record.jobs import Job
from server.record.store import Connection, Record

ACTOR = "system:forward"
FIRST, LONGEST = timedelta(seconds=5), timedelta(minutes=30)
FIRST_POLL = timedelta(minutes=10)
PATIENCE = timedelta(days=14)
"""After so long without an answer a person looks; the pack can then go another way."""


class Forward:
    """`gateways`: decider's name (`desk`, `authority`) → gateway."""

    def __init__(
        self,
        record: Record,
        vaulted: Vaulted,
        gateways: Mapping[str, ApprovalGateway],
        clock: Clock,
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._gateways = gateways
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        dossier = await self._record.read(lambda conn: dossiers.load(conn, job.dossier or ""))
        if dossier.state != "validated":
            return None
        if held := _held_back(dossier):
            await self._record.run(lambda conn: self._park(conn, dossier, held))
            return None
        row = await self._row(dossier)
        gateway = self._gateways[dossier.approval]
        try:
            gateway.ready()
            accepted: Accepted | None = await gateway.submit(await self._forwarding(dossier, row))
        except Duplicate:
            accepted = None  # done before; the answer to that was lost
        except Refused as refused:
            reason = refused.text or refused.reason
            await self._record.run(lambda conn: self._refused(conn, dossier, row, reason))
            return None
        except (Unavailable, Throttled) as outage:
            missed = outage
            return await self._record.run(lambda conn: self._missed(conn, dossier, row, missed))
        await self._record.run(lambda conn: self._accepted(conn, dossier, row, accepted))
        return None

    async def _row(self, dossier: Dossier) -> ForwardingRow:
        key = f"{dossier.id}:approval:{dossier.n}"
        known = await self._record.read(lambda conn: forwardings.find(conn, key))
        if known is not None and known.state != "parked":
            return known
        return ForwardingRow(
            key, dossier.id, "approval", dossier.n, "retrying", self._clock(), tries=0
        )

    async def _forwarding(self, dossier: Dossier, row: ForwardingRow) -> Forwarding:
        opened = await self._vaulted.open(dossier.id, stage("forward"), "forwarding")
        photos = [
            ForwardedPhoto(photo.id, photo.kind, photo.sha256, await opened.photo(photo.id))
            for photo in opened.photos.values()
        ]
        promised = date.fromisoformat(dossier.due_on) if dossier.due_on else None
        return Forwarding(
            row.idempotency_key, dossier.code, dossier.filed_at, promised, opened.answers, photos
        )

    def _accepted(
        self, conn: Connection, dossier: Dossier, row: ForwardingRow, accepted: Accepted | None
    ) -> None:
        done = replace(row, state="accepted", tries=row.tries + 1, retry_at=None, reason=None)
        forwardings.keep(conn, done)
        if dossier.approval != "desk":
            jobs.ensure(conn, "poll", self._clock() + FIRST_POLL)
        changes: dict[str, Any] = {}
        if accepted and accepted.promised_on:
            changes["due_on"] = accepted.promised_on.isoformat()
        detail = {"key": row.idempotency_key, "repeated": accepted is None}
        dossiers.advance(conn, self._clock(), ACTOR, dossier, "forward", detail=detail, **changes)

    def _refused(self, conn: Connection, dossier: Dossier, row: ForwardingRow, reason: str) -> None:
        """A final no to the hand-over. A person reads the reason and returns the dossier."""
        forwardings.keep(
            conn, replace(row, state="refused", tries=row.tries + 1, retry_at=None, reason=reason)
        )
        self._park(conn, dossier, "refused")

    def _missed(
        self,
        conn: Connection,
        dossier: Dossier,
        row: ForwardingRow,
        outage: Unavailable | Throttled,
    ) -> Later | None:
        now = self._clock()
        reason = outage.detail if isinstance(outage, Unavailable) else outage.code
        if now - row.since >= PATIENCE:
            parked = replace(row, state="parked", tries=row.tries + 1, retry_at=None)
            forwardings.keep(conn, replace(parked, reason=reason))
            self._park(conn, dossier, "outage")
            return None
        pause = backoff(row.tries, FIRST, LONGEST)
        if isinstance(outage, Throttled):
            pause = max(pause, timedelta(seconds=outage.after))
        retry_at = now + pause
        forwardings.keep(
            conn,
            replace(row, state="retrying", tries=row.tries + 1, retry_at=retry_at, reason=reason),
        )
        first = dossier.wait is None
        dossiers.change(conn, now, dossier, told=first, wait=_wait(row.since, retry_at))
        return Later(retry_at)

    def _park(self, conn: Connection, dossier: Dossier, reason: str) -> None:
        now = self._clock()
        journal.write(conn, now, ACTOR, "parked", dossier.id, {"reason": reason})
        dossiers.advance(conn, now, ACTOR, dossier, "park", detail={"reason": reason})


def _held_back(dossier: Dossier) -> str | None:
    """Why a person looks before anything is handed over; the officer of the desk is one."""
    if not may_forward(dossier.procedure, dossier.assurance, filing_date(dossier.filed_at)):
        return "assurance"
    return "errors" if dossier.approval != "desk" and dossier.errors else None


def _wait(since: datetime, retry_at: datetime) -> dict[str, str]:
    return {"what": "authority", "since": iso(since), "next_try": iso(retry_at)}
