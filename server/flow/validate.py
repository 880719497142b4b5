"""Validate: dated rules, what the photos say, the health certificate, the fee."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from server.auth.access import Opened, Vaulted, stage
from server.dossier.calendar import filing_date
from server.dossier.checks import validate_answers
from server.dossier.fees import fee
from server.dossier.findings import Finding, finding
from server.dossier.readings import retake_code, source_of
from server.flow.certificate import Answer, CertificateLook
from server.flow.outcome import Later
from server.ports import Clock, LicenceReader
from server.record import dossiers, journal, submissions
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.store import Connection, Record

ACTOR = "system:validate"

Reading = Mapping[str, Any]
"""{"source", "kind", "fields"}, as the rules compare them; {"photo", "boxes"}: where it stands."""


class Validate:
    def __init__(
        self,
        record: Record,
        vaulted: Vaulted,
        certificates: CertificateLook,
        reader: LicenceReader,
        clock: Clock,
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._certificates = certificates
        self._reader = reader
        self._clock = clock

    async def run(self, job: Job) -> Later | None:
        dossier = await self._record.read(lambda conn: dossiers.load(conn, job.dossier or ""))
        if dossier.state not in ("received", "waiting"):
            return None
        opened = await self._vaulted.open(dossier.id, stage("validate"), "validation")
        kept = await self._kept_readings(dossier, opened)
        readings, found = kept if kept else await self._read_photos(opened)
        day = filing_date(dossier.filed_at)
        typed = [*opened.submission["readings"], *readings]
        rules = [*validate_answers(opened.submission, day, typed), *found]
        answer = await self._certificates.answer(dossier, opened.answers, typed)
        assessment = {
            "findings": [item.as_dict() for item in (*rules, *answer.findings)],
            "readings": readings,
            "photos": [item.as_dict() for item in found],
            "registry": answer.certificate,
        }
        sealed = opened.seal(f"assessment:{dossier.submission}", "assessment/1", assessment)
        counted = self._counted(dossier, [*rules, *answer.findings])
        return await self._record.run(
            lambda conn: self._settle(conn, dossier, sealed, answer, counted)
        )

    async def _kept_readings(
        self, dossier: Dossier, opened: Opened
    ) -> tuple[list[dict[str, Any]], list[Finding]] | None:
        """Photos are read once; waiting for the registry does not read them again."""
        sealed = await self._record.read(
            lambda conn: submissions.assessment(conn, dossier.submission)
        )
        if sealed is None:
            return None
        kept = opened.unseal(f"assessment:{dossier.submission}", "assessment/1", sealed)
        return kept["readings"], [Finding(**item) for item in kept["photos"]]

    async def _read_photos(self, opened: Opened) -> tuple[list[dict[str, Any]], list[Finding]]:
        readings: list[dict[str, Any]] = []
        found: list[Finding] = []
        for photo in opened.photos.values():
            jpeg = await opened.photo(photo.id)
            field = f"photo:{photo.kind}"
            read = await asyncio.to_thread(self._reader.read, jpeg, photo.kind)
            said = read.readings
            if read.retake:
                found.append(finding(retake_code(read.retake), field))
            elif not said and photo.kind in ("licence_back", "health_certificate"):
                found.append(finding("qr_unread", field))
            for origin in sorted({item.source for item in said}):
                mine = [item for item in said if item.source == origin]
                fields = {item.field: item.value for item in mine}
                boxes = {item.field: list(item.box) for item in mine}
                source = source_of(photo.kind, origin)
                reading = {"source": source, "kind": photo.kind, "fields": fields}
                if text := fields.pop("signed_certificate", None):
                    says = self._certificates.says(text)
                    reading |= {"text": text, "fields": fields | says}
                    boxes |= dict.fromkeys(says, boxes.pop("signed_certificate"))
                reading |= {"photo": photo.id, "boxes": boxes}
                readings.append(reading)
        return readings, found

    def _counted(self, dossier: Dossier, found: Sequence[Finding]) -> dict[str, Any]:
        """Columns that the findings and the fee table give."""
        channel = "counter" if dossier.channel == "counter" else "online"
        due = fee(dossier.procedure, filing_date(dossier.filed_at), channel)
        return {
            "errors": sum(item.severity == "error" for item in found),
            "warnings": sum(item.severity == "warning" for item in found),
            "fee_amount": due.amount if due else None,
            # Paying may have changed it since the dossier was read.
            **({} if dossier.fee_state else {"fee_state": "due" if due else None}),
        }

    def _settle(
        self,
        conn: Connection,
        dossier: Dossier,
        sealed: str,
        answer: Answer,
        counted: Mapping[str, Any],
    ) -> Later | None:
        now = self._clock()
        submissions.assess(conn, dossier.submission, sealed)
        if answer.again is None:
            dossiers.advance(conn, now, ACTOR, dossier, "validate", **counted)
            return None
        next_try = now + answer.again
        before = dossier.wait or {"since": iso(now), "tries": 0}
        arrives = dossier.state == "received" and answer.waits  # outages counted until then
        wait = {
            "what": "certificate",
            "since": before["since"],
            "next_try": iso(next_try),
            "tries": 1 if arrives else before["tries"] + 1,
        }
        if answer.overdue:
            wait["overdue"] = answer.overdue
            if "overdue" not in before:
                detail = {"days": answer.overdue}
                journal.write(conn, now, ACTOR, "certificate_overdue", dossier.id, detail)
        if arrives:
            dossiers.advance(
                conn, now, ACTOR, dossier, "wait", run_at=next_try, wait=wait, **counted
            )
            return None  # the new state has a job of its own
        dossiers.change(conn, now, dossier, wait=wait, **counted)
        return Later(next_try)
