"""The trust list: which facility signs with which key, and from when to when.

A JSON file that the authority's administrator edits: `{"keys": [{"kid", "facility", "name",
"public_key", "valid_from", "valid_to"}]}`. `public_key` is the SubjectPublicKeyInfo in base64 (the
body of a PEM file), of P-256 or Ed25519; `kid` 16 hex digits; the days are the first and the last
on which the facility signed with it, `valid_to` null while it does. A key that got into wrong
hands is taken out of the list: then nothing that it signed is believed any more.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from server import key_file
from server.certificates.cose import PublicKey, key_id, spki


@dataclass(frozen=True)
class FacilityKey:
    """`facility`: the five characters in its certificates' numbers. Days are inclusive."""

    kid: str
    facility: str
    name: str
    public: PublicKey
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(
        cls, public: PublicKey, facility: str, name: str, since: date, until: date | None = None
    ) -> FacilityKey:
        return cls(key_id(public).hex(), facility, name, public, since, until)

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def as_entry(self) -> dict[str, str | None]:
        """As a trust list has it, and as phones get it."""
        return {
            "kid": self.kid,
            "facility": self.facility,
            "name": self.name,
            "public_key": base64.b64encode(spki(self.public)).decode(),
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }


class TrustList:
    def __init__(self, keys: Iterable[FacilityKey] = ()) -> None:
        self._keys = {key.kid: key for key in keys}

    def find(self, kid: str) -> FacilityKey | None:
        return self._keys.get(kid)

    def entries(self) -> list[dict[str, str | None]]:
        return [key.as_entry() for key in self._keys.values()]


def load(file: Path | None) -> list[FacilityKey]:
    """The keys of a trust list's file; none where no file is named or made yet. Raises BadSettings
    that names the entry and what is wrong with it."""
    return key_file.read(file, "DOIBANG_CERTIFICATE_KEYS", _key)


def _key(row: Mapping[str, Any]) -> FacilityKey:
    kid, facility, name = (row.get(part) for part in ("kid", "facility", "name"))
    if not isinstance(facility, str) or not re.fullmatch("[0-9A-Z]{5}", facility):
        raise ValueError("facility must be the five characters in its certificates' numbers")
    if not isinstance(name, str) or not name.strip():
        raise ValueError("name must be the facility's name")
    public = _public(row.get("public_key"))
    since, until = key_file.day(row, "valid_from"), None
    if row.get("valid_to") is not None:
        until = key_file.day(row, "valid_to")
    key = FacilityKey.of(public, facility, name.strip(), since, until)
    if kid != key.kid:
        raise ValueError(f"kid must be {key.kid}, the id of its public_key")
    return key


def _public(text: Any) -> PublicKey:
    key = key_file.public_key(text)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise ValueError("public_key must be of P-256 or Ed25519")
