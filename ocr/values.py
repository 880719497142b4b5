"""Printed text into values: ISO dates, twelve digits, a class that exists, names as printed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from ocr.columns import Found
from ocr.folded import fold, nearest
from ocr.recognise import Letters

UNLIMITED = "unlimited"
NATIONALITY = "VIỆT NAM"
CLASSES = {
    "2008": ("A1", "A2", "A3", "A4", "B1", "B2", "C", "D", "E", "FB2", "FC", "FD", "FE"),
    "2025": ("A1", "A", "B1", "B", "C1", "C", "D1", "D2", "D",
             "BE", "C1E", "CE", "D1E", "D2E", "DE"),
}  # fmt: skip
"""Law 23/2008/QH12 Art. 59; Law 36/2024/QH15 Art. 57"""
REGIME_2025 = "2025-01-01"
DRIVING_AGE = 16

_DAY = re.compile(r"(?<!\d)(\d{2})\s?[/.\-]\s?(\d{2})\s?[/.\-]\s?(\d{4})(?!\d)")
_WRITTEN_DAY = re.compile(
    r"(?<!\d)(\d{2})(?!\d)\D{3,24}(?<!\d)(\d{2})(?!\d)\D{3,20}(?<!\d)(\d{4})(?!\d)"
)
_VOWELS = set("aeiouy")
_EDGE = " ,.;:/-"


@dataclass(frozen=True)
class Value:
    """What a field says, and the printed letters that say it."""

    text: str
    found: Found
    letters: Letters


def value(field: str, found: Found) -> Value | None:
    """None where the print is not what such a field can be."""
    text = _READ[field](found.text)
    letters = tuple(letter for piece in found.pieces for letter in piece.letters)
    return Value(text, found, letters) if text else None


def contradictions(values: Mapping[str, str], today: date) -> list[tuple[str, ...]]:
    """The fields that contradict each other; one that cannot be stands alone."""
    born, issued, expires = (values.get(name) for name in ("date_of_birth", "issue_date", "expiry"))
    wrong: list[tuple[str, ...]] = []
    oldest_child = _years_later(today, -DRIVING_AGE).isoformat()
    if born and not "1900" <= born <= oldest_child:
        wrong.append(("date_of_birth",))
    if issued and not "1995" <= issued <= today.isoformat():
        wrong.append(("issue_date",))
    if born and issued and _years_later(date.fromisoformat(born), DRIVING_AGE).isoformat() > issued:
        wrong.append(("date_of_birth", "issue_date"))
    if issued and expires and expires <= issued:
        wrong.append(("issue_date", "expiry"))
    if born and expires and expires <= born:
        wrong.append(("date_of_birth", "expiry"))
    regime = "2025" if issued and issued >= REGIME_2025 else "2008"
    if issued and values.get("licence_class") not in (None, *CLASSES[regime]):
        wrong.append(("licence_class", "issue_date"))
    return wrong


def _number(text: str) -> str | None:
    """Digits are easily dropped or doubled: another count than twelve is no number."""
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) == 12 else None


def _name(text: str) -> str | None:
    words = _clean(text).upper().split()
    spoken = all(word.replace("'", "").isalpha() and set(fold(word)) & _VOWELS for word in words)
    return " ".join(words) if 2 <= len(words) <= 8 and spoken else None


def _text(text: str) -> str | None:
    cleaned = _clean(text)
    return cleaned if len(fold(cleaned)) >= 2 else None


def _nationality(text: str) -> str | None:
    return NATIONALITY if nearest("vietnam", fold(text))[0] <= 1 else _text(text)


def _class(text: str) -> str | None:
    code = re.sub(r"\W", "", text).upper()
    return code if any(code in codes for codes in CLASSES.values()) else None


def _expiry(text: str) -> str | None:
    return UNLIMITED if nearest("khongthoihan", fold(text))[0] <= 3 else _date(text)


def _date(text: str) -> str | None:
    match = _DAY.search(text) or _WRITTEN_DAY.search(text)
    if not match:
        return None
    day, month, year = map(int, match.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _address(text: str) -> str | None:
    """A stop after a unit's short form (`TP. Bắc Giang`) is easily read as a comma."""
    return _text(re.sub(r"\b(TP|TX|TT|[PQHXT]), ", r"\1. ", text))


def _clean(text: str) -> str:
    spaced = re.sub(r"\s+", " ", re.sub(r"\s*,\s*", ", ", text))
    return unicodedata.normalize("NFC", spaced).strip(_EDGE)


def _years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


_READ: dict[str, Callable[[str], str | None]] = {
    "number": _number,
    "name": _name,
    "date_of_birth": _date,
    "nationality": _nationality,
    "address": _address,
    "licence_class": _class,
    "issue_date": _date,
    "issue_place": _text,
    "expiry": _expiry,
}
FIELDS = tuple(_READ)
