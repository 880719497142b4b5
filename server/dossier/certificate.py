"""How long a health certificate counts, and which classes it covers."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.dossier.classes import find_class
from server.dossier.months import add_months
from server.dossier.tables import in_force, table


@dataclass(frozen=True)
class Validity:
    """state: valid, old (valid, yet some offices still print the shorter term), expired, future.

    until: last valid day. months: the term in force on the filing date.
    """

    state: Literal["valid", "old", "expired", "future"]
    until: date
    months: int
    law: str


def certificate_validity(concluded: date, filing_date: date) -> Validity | None:
    """Judge a certificate by the rule of the filing date; None before any rule (2015-10-10)."""
    rules = table("certificate")
    row = in_force(rules["validity"], filing_date)
    if row is None:
        return None
    until = add_months(concluded, row["months"])
    state: Literal["valid", "old", "expired", "future"] = "valid"
    if concluded > filing_date:
        state = "future"
    elif filing_date > until:
        state = "expired"
    elif filing_date > add_months(concluded, rules["warn_after_months"]):
        state = "old"
    return Validity(state, until, row["months"], row["law"])


def covers_class(certificate_class: str, requested_class: str) -> bool:
    """Tell whether a certificate for one class of 2025 serves for another.

    Equal codes do, codes with a restriction (B.01, A.03) do for their class, a class does for
    those it includes, and an old class (B2) for those it is exchanged to. An unknown class does
    not: an officer looks.
    """
    wanted, given = _base(requested_class), _base(certificate_class)
    new, old = find_class("2025", given), find_class("2008", given)
    covered = {given, *(new["includes"] if new else ())}
    covered |= {item["code"] for item in old["exchanges_to"]} if old else set()
    return wanted in covered


def _base(code: str) -> str:
    plain = code.strip().upper()
    for row in table("licence_classes")["restriction_codes"]["codes"]:
        if plain in (row["code"], *row.get("variants", ())):
            return str(row["class"])
    return plain
