"""The health certificate of a dossier: its facility's signature, else what the registry says.

A signature that is good for this person, number and class makes the look-up unnecessary. Any
other is said, and the registry decides as if there were none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from server.certificates import signed
from server.certificates.signed import Verdict
from server.certificates.trust import TrustList
from server.dossier.calendar import filing_date
from server.dossier.certificate import certificate_validity, covers_class
from server.dossier.checks import needs_certificate
from server.dossier.facilities import contact
from server.dossier.findings import Finding, finding
from server.dossier.tables import table
from server.errors import Refused, Throttled, Unavailable
from server.flow.outcome import backoff
from server.ports import Certificate, Clock, HealthCertificateRegistry, Mismatch, NotYet
from server.record.dossiers import Dossier

FIRST_LOOK, LONGEST_LOOK = timedelta(minutes=15), timedelta(hours=6)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=15), timedelta(minutes=30)
DAILY = timedelta(days=1)
"""How often what is overdue is still looked for."""
MOST_CODES = 8
"""Different signed texts of one dossier that are looked at."""

_UNPROVEN = {
    "unknown_key": "certificate_signature_unknown",
    "key_expired": "certificate_signature_expired",
    "forged": "certificate_signature_forged",
    "malformed": "certificate_signature_unreadable",
}


@dataclass(frozen=True)
class Answer:
    """Findings, what to keep of the certificate, and when to ask again if at all. `waits`: the
    number is not there yet, as opposed to no answer at all. `overdue`: the days waited so far,
    where that is more than a person should wait without asking the facility."""

    findings: Sequence[Finding] = ()
    certificate: Mapping[str, str] | None = None
    again: timedelta | None = None
    waits: bool = False
    overdue: int = 0


class CertificateLook:
    def __init__(self, registry: HealthCertificateRegistry, trust: TrustList, clock: Clock) -> None:
        self._registry = registry
        self._trust = trust
        self._clock = clock

    def says(self, text: str) -> dict[str, str]:
        """The answers that a signed code speaks about, proven or not; {} where it says nothing."""
        said = signed.check(text, self._trust, self._clock()).certificate
        if said is None:
            return {}
        return {
            "certificate_number": said.number,
            "certificate_date": said.concluded_on.isoformat(),
        }

    async def answer(
        self,
        dossier: Dossier,
        answers: Mapping[str, Any],
        readings: Sequence[Mapping[str, Any]],
    ) -> Answer:
        """`readings`: what was scanned and what the photos' codes say."""
        if not needs_certificate(answers):
            return Answer()
        found: list[Finding] = []
        for verdict in self._verdicts(readings):
            differs = verdict.certificate.differs(answers) if verdict.certificate else []
            if verdict.state == "valid" and not differs:
                return _believed(verdict, answers, dossier.filed_at)
            found += _why_not(verdict, differs)
        asked = await self._ask(dossier, answers)
        return replace(asked, findings=[*found, *asked.findings])

    def _verdicts(self, readings: Sequence[Mapping[str, Any]]) -> list[Verdict]:
        texts = dict.fromkeys(str(reading.get("text", "")) for reading in readings)
        codes = [text for text in texts if text.startswith(signed.PREFIX)][:MOST_CODES]
        return [signed.check(text, self._trust, self._clock()) for text in codes]

    async def _ask(self, dossier: Dossier, answers: Mapping[str, Any]) -> Answer:
        number = answers.get("certificate_number")
        if not number:
            return Answer()
        tries = dossier.wait["tries"] if dossier.wait else 0
        try:
            said = await self._registry.look_up(
                number, answers.get("full_name", ""), answers.get("date_of_birth", "")
            )
        except (Unavailable, Throttled) as outage:
            asked = timedelta(seconds=outage.after if isinstance(outage, Throttled) else 0)
            again = max(asked, backoff(tries, FIRST_RETRY, LONGEST_RETRY))
            # Who waited before the outage is told the same as before.
            waited = self._waiting(dossier, number) if dossier.state == "waiting" else Answer()
            return replace(waited, again=again, waits=False)
        except Refused:
            return Answer([finding("certificate_waiting", "certificate_number")])
        if isinstance(said, NotYet):
            waiting = self._waiting(dossier, number)
            again = DAILY if waiting.overdue else backoff(tries, FIRST_LOOK, LONGEST_LOOK)
            return replace(waiting, again=again)
        if isinstance(said, Mismatch):
            names = {"name": "full_name"}
            code = "certificate_registry_differs"
            return Answer([finding(code, names.get(name, name)) for name in said.fields])
        return _judge(said.certificate, answers, dossier.filed_at)

    def _waiting(self, dossier: Dossier, number: str) -> Answer:
        since = datetime.fromisoformat(dossier.wait["since"]) if dossier.wait else self._clock()
        days = (self._clock() - since).days
        if days < table("certificate")["give_up_after_days"]["value"]:
            return Answer([finding("certificate_waiting", "certificate_number")], waits=True)
        words: dict[str, str | int] = {"days": days, **contact(number)}
        late = finding("certificate_overdue", "certificate_number", **words)
        return Answer([late], waits=True, overdue=days)


def _why_not(verdict: Verdict, differs: Sequence[str]) -> list[Finding]:
    facility = verdict.key.name if verdict.key else "facility_unnamed"
    if verdict.state != "valid":
        return [finding(_UNPROVEN[verdict.state], "certificate_number", facility=facility)]
    return [finding("certificate_signed_differs", name, facility=facility) for name in differs]


def _believed(verdict: Verdict, answers: Mapping[str, Any], filed_at: datetime) -> Answer:
    """As if the registry had it: the law's checks are the same."""
    said, key = verdict.certificate, verdict.key
    if said is None or key is None:
        raise ValueError("only a valid certificate is believed")
    certificate = Certificate(
        said.number, said.facility, said.concluded_on, said.licence_class, said.conclusion
    )
    judged = _judge(certificate, answers, filed_at)
    proof = finding("certificate_signed", "certificate_number", facility=key.name)
    return replace(judged, findings=[proof, *judged.findings])


def _judge(certificate: Certificate, answers: Mapping[str, Any], filed_at: datetime) -> Answer:
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
    return Answer(found, _kept(certificate))


def _kept(certificate: Certificate) -> dict[str, str]:
    return {
        "certificate_number": certificate.number,
        "certificate_date": certificate.concluded_on.isoformat(),
        "certificate_class": certificate.licence_class,
        "conclusion": certificate.conclusion,
    }
