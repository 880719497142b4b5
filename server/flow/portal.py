"""Portal: tells the National Portal of each dossier and of every status it reached, in order.

Beside the dossier: nothing here changes a state and no stage waits for it. What is not told yet
waits for as long as it takes; an officer sees it and may say when to try.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from server.auth.access import Opened, Vaulted, stage
from server.dossier import states
from server.dossier.calendar import filing_date
from server.dossier.codes import portal_largest, portal_paper
from server.dossier.tables import in_force
from server.dossier.triage import procedure_row
from server.errors import PortError, Refused, Throttled, Unavailable
from server.flow.outcome import Later, backoff
from server.ports import Clock, NationalPortal, PortalDossier, PortalPaper, PortalStatus
from server.record import dossiers, journal, portal_syncs, submissions
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.journal import JournalEntry
from server.record.portal_syncs import PortalSync
from server.record.store import Connection, Record

FIRST, OUTAGE, REFUSAL = timedelta(seconds=30), timedelta(minutes=30), timedelta(days=1)
"""A portal that is away is asked again after half an hour at most, one that refuses after a day."""
ROLES = {"officer": "Cán bộ", "decider": "Cơ quan cấp giấy phép lái xe", "device": "Người nộp"}
"""Who worked on it, as the portal is told: never a name."""


class TellPortal:
    """`portal` None: it is switched off, and what was noted before waits until it is on."""

    def __init__(
        self, record: Record, vaulted: Vaulted, portal: NationalPortal | None, clock: Clock
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._portal = portal
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        found = await self._record.read(lambda conn: _read(conn, job.dossier or ""))
        if found is None or self._portal is None:
            return None
        row, dossier, lines = found
        if not dossier.wrapped_key:
            return await self._record.run(lambda conn: self._done(conn, row))
        try:
            self._portal.ready()
            await self._tell(self._portal, row, dossier, lines)
        except (Unavailable, Throttled, Refused) as missed:
            why = missed
            return await self._record.run(lambda conn: self._missed(conn, row, why))
        return await self._record.run(lambda conn: self._done(conn, row))

    async def _tell(
        self, portal: NationalPortal, row: PortalSync, dossier: Dossier, lines: list[JournalEntry]
    ) -> None:
        """Each step is noted when it is done, so that the next run goes on behind it."""
        if lines and row.n < dossier.n:
            await portal.put_dossier(await self._dossier(dossier, _code(lines[0])))
            await self._note(row, n=dossier.n)
        code = row.code
        for line in lines:
            if str(_code(line)) != code:
                code = str(_code(line))
                await portal.put_status(_status(dossier, line))
            await self._note(row, seq=line.seq, code=code)

    async def _note(self, row: PortalSync, **told: object) -> None:
        now = self._clock()
        await self._record.run(lambda conn: portal_syncs.keep(conn, row.id, told_at=now, **told))

    async def _dossier(self, dossier: Dossier, status: int) -> PortalDossier:
        opened = await self._vaulted.open(dossier.id, stage("portal"), "national_portal")
        procedure = procedure_row(dossier.procedure)
        listed = in_force(procedure["codes"], filing_date(dossier.filed_at))
        used = await self._record.read(lambda conn: submissions.photos_of(conn, dossier.id))
        return PortalDossier(
            code=dossier.code,
            slip=dossier.slip,
            procedure=listed["code"] if listed else "",
            procedure_name=procedure["vi"],
            channel=dossier.channel,
            point=dossier.point or "",
            status=status,
            received_at=dossier.filed_at,
            promised_on=_promised(dossier),
            fee=dossier.fee_amount,
            fee_paid=dossier.fee_state == "paid",
            name=str(opened.answers.get("full_name", "")),
            identity_number=str(opened.answers.get("identity_number", "")),
            phone=str(opened.answers.get("phone", "")),
            papers=await self._papers(opened),
            dropped=used - opened.photos.keys(),
        )

    async def _papers(self, opened: Opened) -> list[PortalPaper]:
        """What the portal is too small for stays here, and the journal says so."""
        papers = []
        for photo in opened.photos.values():
            jpeg = await opened.photo(photo.id)
            if len(jpeg) > portal_largest():
                detail = {"photo": photo.id, "bytes": len(jpeg)}
                line = partial(_left_out, at=self._clock(), dossier=opened.dossier, detail=detail)
                await self._record.run(line)
                continue
            component, name = portal_paper(photo.kind, photo.id)
            papers.append(PortalPaper(photo.id, component, name, photo.sha256, jpeg))
        return papers

    def _missed(self, conn: Connection, row: PortalSync, why: PortError) -> Later:
        now = self._clock()
        longest = REFUSAL if isinstance(why, Refused) else OUTAGE
        pause = backoff(row.tries, FIRST, longest)
        if isinstance(why, Throttled):
            pause = max(pause, timedelta(seconds=why.after))
        again = now + pause
        portal_syncs.keep(conn, row.id, tries=row.tries + 1, retry_at=again, reason=_reason(why))
        return Later(again)

    def _done(self, conn: Connection, row: PortalSync) -> Later | None:
        """Unless it moved on meanwhile: then there is more to tell."""
        portal_syncs.keep(conn, row.id, since=None, tries=0, retry_at=None, reason=None)
        told = portal_syncs.find(conn, row.id)
        dossier = dossiers.find(conn, row.dossier)
        if told and dossier and dossier.wrapped_key and portal_syncs.untold(conn, told):
            portal_syncs.keep(conn, row.id, since=self._clock())
            return Later(self._clock())
        return None


def _read(conn: Connection, sync: str) -> tuple[PortalSync, Dossier, list[JournalEntry]] | None:
    row = portal_syncs.find(conn, sync)
    dossier = dossiers.find(conn, row.dossier) if row else None
    if row is None or dossier is None:
        return None
    return row, dossier, portal_syncs.untold(conn, row)


def _left_out(conn: Connection, at: datetime, dossier: str, detail: dict[str, object]) -> None:
    journal.write(conn, at, "system:portal", "portal_paper_left_out", dossier, detail)


def _code(line: JournalEntry) -> int:
    """Left for a person it stands where it stood: the portal has no code for that."""
    stands = "from" if line.detail["to"] == "parked" else "to"
    return states.portal_status(str(line.detail[stands]))


def _status(dossier: Dossier, line: JournalEntry) -> PortalStatus:
    return PortalStatus(
        code=dossier.code,
        status=_code(line),
        at=line.at,
        by=ROLES.get(line.actor.partition(":")[0], "Hệ thống"),
        text=states.words(str(line.detail["to"]), "vi"),
        received_at=dossier.filed_at,
        promised_on=_promised(dossier),
    )


def _promised(dossier: Dossier) -> date | None:
    return date.fromisoformat(dossier.due_on) if dossier.due_on else None


def _reason(why: PortError) -> str:
    """What an officer reads; a refusal's own sentence may name a person, so only its code."""
    if isinstance(why, Unavailable):
        return why.detail
    return f"{why.code}: {why.reason}" if isinstance(why, Refused) else why.code
