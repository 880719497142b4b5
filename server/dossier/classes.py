"""Licence classes. The same letters mean other vehicles before and after 2025-01-01, so a class is
always a pair (regime, code) with regime "2008" or "2025"."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from server.dossier.tables import in_force, table

NEW_CLASSES_FROM = date(2025, 1, 1)  # Law 36/2024/QH15 Art. 89


@dataclass(frozen=True)
class Choice:
    """A class that a card may become; restriction is {"vi","en"} or None."""

    code: str
    restriction: dict[str, str] | None = None


def find_class(regime: str, code: str) -> dict[str, Any] | None:
    """Return the row of data/licence_classes.json; aliases count, unknown gives None."""
    for row in table("licence_classes")["classes"]:
        if row["regime"] == regime and (row["code"] == code or code in row.get("aliases", ())):
            return dict(row)
    return None


def regime_of(day: date) -> str | None:
    """Return the class regime of cards issued on a day ("2008" or "2025")."""
    row = in_force(table("licence_classes")["regimes"], day)
    return str(row["id"]) if row else None


def exchange_choices(regime: str, code: str, filing_date: date) -> list[Choice]:
    """Return the classes the card can become, the proposed one first.

    Filed before 2025: the same class again. Empty: unknown, or (A4) no card is given for it.
    """
    row = find_class(regime, code)
    if row is None:
        return []
    if filing_date < NEW_CLASSES_FROM:
        return [Choice(row["code"])]
    return [Choice(item["code"], item.get("restriction")) for item in row["exchanges_to"]]


def extra_paper(regime: str, code: str) -> dict[str, str] | None:
    """Return {"vi","en"} of the certificate given together with the new card, or None."""
    row = find_class(regime, code)
    return row.get("extra_paper") if row else None


def unlimited(regime: str, code: str) -> bool | None:
    """Tell whether cards of the class carry no expiry; None for an unknown class."""
    row = find_class(regime, code)
    return bool(row["unlimited"]) if row else None


def certificate_needed(regime: str, code: str) -> bool | None:
    """Tell whether exchanging the class needs a health certificate; None for an unknown one."""
    row = find_class(regime, code)
    return bool(row["certificate"]) if row else None
