"""The sandbox's health facilities that sign: their keys are no secret, and only a server with the
sandbox on believes them."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time

import httpx2
from cryptography.hazmat.primitives.asymmetric import ec

from server.certificates import signed
from server.certificates.signed import SignedCertificate
from server.certificates.trust import FacilityKey
from server.dossier.facilities import contact
from server.sandbox.people import Person
from server.sandbox.twins.registry import as_message
from server.settings import Settings

SIGNING = ("27001", "27014")
"""The third facility of the invented people sends its certificates to the registry only."""
SINCE = date(2020, 1, 1)


def trusted() -> list[FacilityKey]:
    """What the sandbox adds to the trust list."""
    return [
        FacilityKey.of(_key(code).public_key(), code, f"{named(code)} (MẪU)", SINCE)
        for code in SIGNING
    ]


async def send(client: httpx2.AsyncClient, settings: Settings, person: Person) -> None:
    """The person's facility sends the certificate to the twin of the registry; nothing where the
    class needs none."""
    if person.certificate is None:
        return
    secret = settings.registry_password.encode()
    answer = await client.post(
        f"{settings.registry_url}/api/hssk/gksk",
        json=as_message(person),
        headers={
            "Username": settings.registry_user,
            "Password": hashlib.md5(secret, usedforsecurity=False).hexdigest(),
        },
    )
    answer.raise_for_status()


def named(code: str) -> str:
    return contact(f"1/GKSKLX/{code}/26")["facility"]


def payload(person: Person) -> str:
    """The text of the QR code on this person's certificate: signed, or the number alone."""
    paper = person.certificate
    if paper is None:
        raise ValueError("this class needs no health certificate")
    certificate = SignedCertificate(
        number=paper.number,
        full_name=person.full_name.upper(),
        date_of_birth=person.date_of_birth.isoformat(),
        licence_class=paper.licence_class,
        concluded_on=paper.concluded_on,
        conclusion="fit",
    )
    if certificate.facility not in SIGNING:
        return paper.number
    at = datetime.combine(paper.concluded_on, time(9), UTC)
    return signed.issue(certificate, _key(certificate.facility), at)


def _key(code: str) -> ec.EllipticCurvePrivateKey:
    seed = hashlib.sha256(f"doibang-sandbox-facility-{code}".encode()).digest()
    return ec.derive_private_key(int.from_bytes(seed, "big") >> 1, ec.SECP256R1())
