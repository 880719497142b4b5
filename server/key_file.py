"""Files of public keys that somebody else signs with: read at start, wrong entries named."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import load_der_public_key

from server.errors import BadSettings


class Named(Protocol):
    @property
    def kid(self) -> str: ...


K = TypeVar("K", bound=Named)


def read(file: Path | None, setting: str, entry: Callable[[Mapping[str, Any]], K]) -> list[K]:
    """What `entry` makes of each object in `{"keys": [{…}, …]}`; it raises ValueError with what is
    wrong. None where no file is named or made yet. BadSettings names `setting` and every entry."""
    if file is None or not file.exists():
        return []
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))["keys"]
        if not isinstance(rows, list):
            raise TypeError
    except (OSError, ValueError, TypeError, KeyError):
        what = "must be readable JSON with a list named `keys`"
        raise BadSettings([f"{setting}: {file} {what}"]) from None
    keys, complaints = [], []
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, Mapping):
                raise ValueError("must be an object")
            keys.append(entry(row))
        except ValueError as wrong:
            complaints.append(f"{setting}: {file}, entry {number}: {wrong}")
    kids = [key.kid for key in keys]
    twice = sorted({kid for kid in kids if kids.count(kid) > 1})
    complaints += [f"{setting}: {file}: key {kid} is there twice" for kid in twice]
    if complaints:
        raise BadSettings(complaints)
    return keys


def public_key(text: object) -> PublicKeyTypes:
    """Of a SubjectPublicKeyInfo in base64, the body of a PEM file. ValueError for anything else."""
    try:
        return load_der_public_key(base64.b64decode(str(text), validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        raise ValueError("public_key must be a SubjectPublicKeyInfo in base64") from None


def day(row: Mapping[str, Any], name: str) -> date:
    """ValueError for what is no day."""
    try:
        return date.fromisoformat(str(row.get(name)))
    except ValueError:
        raise ValueError(f"{name} must be a day like 2026-07-01") from None
