"""What the text of a QR code says: ID card, health certificate (signed or only its number), driving
licence, or anything else.

Payloads come from strangers: text stays text, nothing in it is followed or trusted. Dates leave as
ISO, names and addresses as printed (NFC). Formats: ID card, 7 fields joined by `|` (its makers'
layout, confidence high); certificate and licence have no public specification (confidence low).
The phone reads by the same rules: tests/vectors/qr.json.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from urllib.parse import unquote

MAX_BYTES = 2_953
"""The most a QR code can hold (version 40-L, byte mode; ISO/IEC 18004)."""

Kind = Literal["signed_certificate", "id_card", "certificate", "licence", "other"]
SIGNED = re.compile(r"SK1:[0-9A-Z $%*+./:-]{3,}")
"""A health certificate with its facility's signature; who verifies it, reads it."""

_CLASS = re.compile(r"A[1-4]?|B[12]?|C1?|D[12]?|E|BE|C1?E|D[12]?E|F(B2|[CDE])")
"""Both regimes' classes, as printed."""
_CERTIFICATE = re.compile(
    r"(?<![0-9A-Z])([0-9]{1,6})\s*/\s*GKSKLX\s*/\s*([0-9A-Z]{5})\s*/\s*([0-9]{2})(?![0-9A-Z])",
    re.I | re.A,
)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SERIAL = re.compile(r"[A-Z]{2}[0-9]{6}")
_SEXES = {"nam": "male", "nữ": "female"}


@dataclass(frozen=True)
class Payload:
    """`fields` are empty for kind `other`; `text` is everything, NFC, as it was."""

    kind: Kind
    text: str
    fields: dict[str, str] = field(default_factory=dict)


def decode_text(raw: bytes) -> str:
    """UTF-8, else the bytes that are not as `\\xNN`; at most `MAX_BYTES` of them."""
    return unicodedata.normalize("NFC", raw[:MAX_BYTES].decode("utf-8", "backslashreplace"))


def parse(text: str) -> Payload:
    """The first kind whose format the whole text satisfies."""
    for kind, read in _READERS:
        fields = read(text)
        if fields:
            return Payload(kind, text, fields)
    return Payload("other", text)


def _signed_certificate(text: str) -> dict[str, str] | None:
    return {"signed": text} if SIGNED.fullmatch(text) else None


def _id_card(text: str) -> dict[str, str] | None:
    """Fields after the seventh (cards of 2024 on) are left unread; an old number or a day of
    issue that makes no sense is left out."""
    parts = [part.strip() for part in text.strip().split("|")]
    if len(parts) < 7:
        return None
    number, old, name, born, sex, address, issued = parts[:7]
    birth = _birth(born)
    well_formed = (
        re.fullmatch(r"[0-9]{12}", number)
        and 0 < len(name) <= 100
        and len(address) <= 300
        and not _UNPRINTABLE.search(name + address)
        and sex.lower() in _SEXES
    )
    if not well_formed or birth is None:
        return None
    fields = {
        "number": number,
        "old_number": old if re.fullmatch(r"[0-9]{9}|[0-9]{12}", old) else "",
        "name": name,
        "date_of_birth": birth,
        "sex": _SEXES[sex.lower()],
        "address": address,
        "issue_date": _date(issued) or "",
    }
    return {key: value for key, value in fields.items() if value}


def _certificate(text: str) -> dict[str, str] | None:
    """The number anywhere in the text, also inside a link; two different ones are none."""
    numbers = {
        "/".join((serial, "GKSKLX", facility.upper(), year))
        for serial, facility, year in _CERTIFICATE.findall(unquote(text))
    }
    return {"number": numbers.pop()} if len(numbers) == 1 else None


def _licence(text: str) -> dict[str, str] | None:
    """Delimited text with one 12-digit number and a class. Three dates are birth, issue and
    expiry by their order in time; fewer cannot be told apart and are left out."""
    tokens = [token.strip() for token in re.split(r"[|;\n\t]", text) if token.strip()]
    numbers = {token for token in tokens if re.fullmatch(r"[0-9]{12}", token)}
    classes = {token for token in tokens if _CLASS.fullmatch(token)}
    if len(numbers) != 1 or len(classes) != 1:
        return None
    fields = {"number": numbers.pop(), "licence_class": classes.pop()}
    serials = [token for token in tokens if _SERIAL.fullmatch(token)]
    if len(serials) == 1:
        fields["serial"] = serials[0]
    dates = sorted({day for token in tokens if (day := _date(token))})
    if len(dates) == 3:
        fields |= dict(zip(("date_of_birth", "issue_date", "expiry"), dates, strict=True))
    return fields


def _birth(text: str) -> str | None:
    """ddmmyyyy, or the year alone where the papers give no more (`00001958`, `1958`)."""
    if re.fullmatch(r"(0000)?(19|20)[0-9]{2}", text):
        return text[-4:]
    return _date(text)


def _date(text: str) -> str | None:
    """ISO date of ddmmyyyy or dd/mm/yyyy."""
    match = re.fullmatch(r"([0-9]{2})[/.-]?([0-9]{2})[/.-]?((?:19|20)[0-9]{2})", text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


_READERS: tuple[tuple[Kind, Callable[[str], dict[str, str] | None]], ...] = (
    ("signed_certificate", _signed_certificate),
    ("id_card", _id_card),
    ("certificate", _certificate),
    ("licence", _licence),
)
