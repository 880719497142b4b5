"""Validate: dated rules, what the photos' codes say, the health-certificate registry, the fee."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from server.auth.access import Opened, Vaulted, stage
from server.dossier.calendar import filing_date
from server.dossier.certificate import certificate_validity, covers_class
from server.dossier.checks import needs_certificate, validate_answers
from server.dossier.fees import fee
from server.dossier.findings import Finding, finding
from server.errors import Refused, Throttled, Unavailable
from server.flow.outcome import Later, backoff
from server.ports import (
    Certificate,
    Clock,
    Found,
    HealthCertificateRegistry,
    LicenceReader,
    Mismatch,
    NotYet,
)
from server.record import dossiers, submissions
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.jobs import Job
from server.record.store import Connection, Record

ACTOR = "system:validate"
FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=15), timedelta(hours=6)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=15), timedelta(minutes=30)
_SOURCES = {"health_certificate": "certificate_qr"}

Reading = Mapping[str, Any]
"""{"source", "kind", "fields"}, as the rules compare them."""


@dataclass(frozen=True)
class _Answer:
    """What the registry gave: findings, what to keep of it, and when to ask again if at all."""

    findings: Sequence[Finding] = ()
    certificate: Mapping[str, str] | None = None
    again: timedelta | None = None
    waits: bool = False  # the number is not there yet, as opposed to no answer at all


class Validate:
    def __init__(
        self,
        record: Record,
        vaulted: Vaulted,
        registry: HealthCertificateRegistry,
        reader: LicenceReader,
        clock: Clock,
    ) -> None:
        self._record = record
        self._vaulted = vaulted
        self._registry = registry
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
        answer = await self._registry_answer(dossier, opened.answers)
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
            try:
                said = await asyncio.to_thread(self._reader.read, jpeg, photo.kind)
            except ValueError:
                found.append(finding("photo_unreadable", field))
                continue
            if not said and photo.kind in ("licence_back", "health_certificate"):
                found.append(finding("qr_unread", field))
            for origin in sorted({item.source for item in said}):
                fields = {item.field: item.value for item in said if item.source == origin}
                source = _SOURCES.get(photo.kind, "licence_qr") if origin == "qr" else origin
                readings.append({"source": source, "kind": photo.kind, "fields": fields})
        return readings, found

    async def _registry_answer(self, dossier: Dossier, answers: Mapping[str, Any]) -> _Answer:
        number = answers.get("certificate_number")
        if not number or not needs_certificate(answers):
            return _Answer()
        tries = dossier.wait["tries"] if dossier.wait else 0
        try:
            said = await self._registry.look_up(
                number, answers.get("full_name", ""), answers.get("date_of_birth", "")
            )
        except (Unavailable, Throttled) as outage:
            asked = timedelta(seconds=outage.after if isinstance(outage, Throttled) else 0)
            return _Answer(again=max(asked, backoff(tries, FIRST_RETRY, LONGEST_RETRY)))
        except Refused:
            return _Answer([finding("certificate_waiting", "certificate_number")])
        if isinstance(said, NotYet):
            waiting = finding("certificate_waiting", "certificate_number")
            again = backoff(tries, FIRST_LOOK, LONGEST_LOOK)
            return _Answer([waiting], again=again, waits=True)
        if isinstance(said, Mismatch):
            names = {"name": "full_name"}
            code = "certificate_registry_differs"
            return _Answer([finding(code, names.get(name, name)) for name in said.fields])
        return _judge(said, answers, dossier.filed_at)

    def _counted(self, dossier: Dossier, found: Sequence[Finding]) -> dict[str, Any]:
        """Columns that the findings and the fee table give."""
        channel = "counter" if dossier.channel == "counter" else "online"
        due = fee(dossier.procedure, filing_date(dossier.filed_at), channel)
        return {
            "errors": sum(item.severity == "error" for item in found),
            "warnings": sum(item.severity == "warning" for item in found),
            "fee_amount": due.amount if due else None,
            "fee_state": (dossier.fee_state or "due") if due else None,
        }

    def _settle(
        self,
        conn: Connection,
        dossier: Dossier,
        sealed: str,
        answer: _Answer,
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
        if arrives:
            dossiers.advance(
                conn, now, ACTOR, dossier, "wait", run_at=next_try, wait=wait, **counted
            )
            return None  # the new state has a job of its own
        dossiers.change(conn, now, dossier, wait=wait, **counted)
        return Later(next_try)


def _judge(said: Found, answers: Mapping[str, Any], filed_at: datetime) -> _Answer:
    """A certificate that the registry has is judged by what the registry says of it."""
    certificate = said.certificate
    found: list[Finding] = []
    wanted = str(answers.get("requested_class"))
    if certificate.conclusion != "fit":
        found.append(finding("certificate_not_fit", "certificate_number"))
    if not covers_class(certificate.licence_class, wanted):
        classes = {"certificate": certificate.licence_class, "class": wanted}
        found.append(finding("certificate_class_mismatch", "certificate_number", **classes))
    validity = certificate_validity(certificate.concluded_on, filing_date(filed_at))
    if validity and validity.state in ("expired", "old"):
        concluded = certificate.concluded_on.isoformat()
        code = f"certificate_{validity.state}"
        params: dict[str, str | int] = {"months": validity.months, "date": concluded}
        found.append(finding(code, "certificate_date", **params))
    typed = answers.get("certificate_date")
    if typed and typed != certificate.concluded_on.isoformat():
        found.append(finding("certificate_registry_differs", "certificate_date"))
    return _Answer(found, _kept(certificate))


def _kept(certificate: Certificate) -> dict[str, str]:
    return {
        "certificate_number": certificate.number,
        "certificate_date": certificate.concluded_on.isoformat(),
        "certificate_class": certificate.licence_class,
        "conclusion": certificate.conclusion,
    }
