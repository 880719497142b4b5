"""A signed health certificate: the text of its QR code, and what can be said of it.

`SK1:` ‖ Base45 ‖ zlib ‖ COSE_Sign1 ‖ CBOR claims, in the way of the EU's HC1 (eHealth Network,
"Electronic Health Certificate Specification" v1.1). Claims (RFC 8392): 1 the facility's code, 6
the second of signing, and under a private number the certificate with the health service's own
field names, days as YYYY-MM-DD. No expiry is signed: how long it counts is the law's (certificate
.json). The phone reads by the same rules: tests/vectors/signed_certificates.json.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import cbor2

from server.certificates import base45, cose
from server.certificates.trust import FacilityKey, TrustList
from server.dossier.calendar import ZONE
from server.dossier.certificate import covers_class
from server.dossier.formats import certificate_number
from server.dossier.persons import compare_names, same_birth

PREFIX = "SK1:"
MAX_PLAIN = 4_096
"""Bytes after decompression; a real one has under 400."""
CERTIFICATE = -65_537
"""Private use (RFC 8392 §9.1)."""
ISSUER, ISSUED_AT = 1, 6
CONCLUSIONS: tuple[Conclusion, ...] = ("fit", "unfit", "re_examine")
AHEAD = timedelta(days=1)
"""How far a facility's clock may be ahead."""

Conclusion = Literal["fit", "unfit", "re_examine"]
State = Literal["valid", "unknown_key", "key_expired", "forged", "malformed"]
"""valid: signed by a facility of the trust list, on a day its key was good for. unknown_key: of
nobody on the list; says nothing, the registry decides. forged: altered, or a facility that signs
another's number. malformed: no signed certificate at all."""


@dataclass(frozen=True)
class SignedCertificate:
    """`date_of_birth` YYYY-MM-DD, or YYYY where the papers give the year only."""

    number: str
    full_name: str
    date_of_birth: str
    licence_class: str
    concluded_on: date
    conclusion: Conclusion

    @property
    def facility(self) -> str:
        return self.number.split("/")[2]

    def differs(self, answers: Mapping[str, Any]) -> list[str]:
        """The answers that this certificate does not fit: another person, number or class. A name
        without accents is the same name; what is not answered cannot differ."""
        checks: tuple[tuple[str, Callable[[str], bool]], ...] = (
            ("full_name", lambda typed: compare_names(typed, self.full_name) != "differs"),
            ("date_of_birth", lambda typed: same_birth(typed, self.date_of_birth)),
            ("certificate_number", lambda typed: certificate_number(typed) == self.number),
            ("requested_class", lambda typed: covers_class(self.licence_class, typed)),
        )
        return [name for name, fits in checks if answers.get(name) and not fits(str(answers[name]))]


@dataclass(frozen=True)
class Verdict:
    """`certificate` is what it says, also where that is not proven; None when malformed. `key`:
    the trust list's key that it names."""

    state: State
    certificate: SignedCertificate | None = None
    key: FacilityKey | None = None


def issue(certificate: SignedCertificate, key: cose.PrivateKey, at: datetime) -> str:
    """The text of the QR code."""
    claims = {
        ISSUER: certificate.facility,
        ISSUED_AT: int(at.timestamp()),
        CERTIFICATE: {
            "SO": certificate.number,
            "HOTEN": unicodedata.normalize("NFC", certificate.full_name),
            "NGAYSINH": certificate.date_of_birth,
            "HANGBANGLAI": certificate.licence_class,
            "NGAYKETLUAN": certificate.concluded_on.isoformat(),
            "KETLUAN": certificate.conclusion,
        },
    }
    signed = cose.sign(cbor2.dumps(claims, canonical=True), key)
    return PREFIX + base45.encode(zlib.compress(signed, 9))


def check(text: str, trust: TrustList, now: datetime) -> Verdict:
    """Never raises for what the text is."""
    try:
        message = cose.read(_plain(text))
        certificate, facility, signed_at = _claims(message.payload)
    except ValueError:
        return Verdict("malformed")
    key = trust.find(message.kid.hex())
    if key is None:
        return Verdict("unknown_key", certificate)
    if not cose.verify(message, key.public) or facility != key.facility:
        return Verdict("forged", certificate, key)
    # A facility vouches for its own numbers, and for nothing that is still to happen.
    day = signed_at.astimezone(ZONE).date()
    if (
        certificate.facility != facility
        or certificate.concluded_on > day
        or signed_at > now + AHEAD
    ):
        return Verdict("forged", certificate, key)
    return Verdict("valid" if key.covers(day) else "key_expired", certificate, key)


def _plain(text: str) -> bytes:
    if not text.startswith(PREFIX):
        raise ValueError("no signed certificate")
    unpacking = zlib.decompressobj()
    try:
        plain = unpacking.decompress(base45.decode(text.removeprefix(PREFIX)), MAX_PLAIN)
    except zlib.error as why:
        raise ValueError("not packed") from why
    if not unpacking.eof or unpacking.unused_data:
        raise ValueError("too large, cut off or followed by more")
    return plain


def _claims(payload: bytes) -> tuple[SignedCertificate, str, datetime]:
    claims = cose.loads(payload)
    if not isinstance(claims, Mapping):
        raise ValueError("no claims")
    facility, at, said = (claims.get(name) for name in (ISSUER, ISSUED_AT, CERTIFICATE))
    # A year like 50000 is no time that datetime has.
    if not isinstance(facility, str) or type(at) is not int or not 0 < at < 1 << 34:
        raise ValueError("no issuer or time")
    if not isinstance(said, Mapping):
        raise ValueError("no certificate")
    return _certificate(said), facility, datetime.fromtimestamp(at, UTC)


def _certificate(said: Mapping[Any, Any]) -> SignedCertificate:
    number = _text(said, "SO", ".{1,21}")
    if certificate_number(number) != number:
        raise ValueError("SO")
    conclusion = next((word for word in CONCLUSIONS if word == said.get("KETLUAN")), None)
    if conclusion is None:
        raise ValueError("KETLUAN")
    birth = _text(said, "NGAYSINH", "[0-9]{4}(-[0-9]{2}-[0-9]{2})?")
    return SignedCertificate(
        number=number,
        full_name=_text(
            said, "HOTEN", "[^\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]{1,100}"
        ),
        date_of_birth=birth if len(birth) == 4 else date.fromisoformat(birth).isoformat(),
        licence_class=_text(said, "HANGBANGLAI", "[0-9A-Z.]{1,5}"),
        concluded_on=date.fromisoformat(_text(said, "NGAYKETLUAN", "[0-9]{4}-[0-9]{2}-[0-9]{2}")),
        conclusion=conclusion,
    )


def _text(said: Mapping[Any, Any], name: str, pattern: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError(name)
    return unicodedata.normalize("NFC", value)
