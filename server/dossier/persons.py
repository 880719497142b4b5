"""Names, birth dates and identity numbers, compared the way people and cards write them."""

import re
import unicodedata
from datetime import date
from typing import Literal

from server.dossier.findings import Finding, finding
from server.dossier.tables import table

NameMatch = Literal["same", "writing", "differs"]


def compare_names(left: str, right: str) -> NameMatch:
    """Compare two names.

    same: equal but for Unicode form, capitals and repeated blanks (cards print capitals).
    writing: equal once accents, đ/d, y/i, blanks and punctuation are set aside.
    differs: neither.
    """
    if _plain(left) == _plain(right):
        return "same"
    return "writing" if fold(left) == fold(right) else "differs"


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def fold(text: str) -> str:
    """Return letters and digits only: no accents, đ as d, y as i; for search and comparing."""
    bare = unicodedata.normalize("NFD", text).casefold().replace("đ", "d").replace("y", "i")
    return "".join(c for c in bare if c.isalnum())


def birth_year(date_of_birth: str) -> int | None:
    """Return the year of "YYYY-MM-DD" or "YYYY", None of anything else."""
    match = re.fullmatch(r"([0-9]{4})(-[0-9]{2}-[0-9]{2})?", date_of_birth)
    return int(match[1]) if match else None


def same_birth(left: str, right: str) -> bool:
    """Tell whether two birth dates agree; where one side has the year only, the years do."""
    if len(left) == len(right):
        return left == right
    return left[:4] == right[:4]


def age_on(date_of_birth: str, day: date) -> int | None:
    """Return full years of age. With the year only: those surely reached by the year's end."""
    year = birth_year(date_of_birth)
    if year is None:
        return None
    if len(date_of_birth) == 4:
        return day.year - year
    return day.year - year - (day.isoformat()[5:] < date_of_birth[5:])


def check_identity(number: str, sex: str | None, date_of_birth: str | None) -> list[Finding]:
    """Compare digits 1-6 of an identity number with what it should say; warnings only.

    Digit 4 is twice the century since 1900, plus 1 for women; digits 5-6 the year of birth
    (Circular 59/2021/TT-BCA). Registry errors exist, so nothing is refused here.
    """
    if not re.fullmatch("[0-9]{12}", number):
        return []
    found = []
    if number[:3] not in {row["prefix"] for row in table("provinces_old")["provinces"]}:
        found.append(finding("identity_place_unknown", "identity_number"))
    mark = int(number[3])
    if sex is not None and (mark % 2 == 1) != (sex == "female"):
        found.append(finding("identity_sex_mismatch", "identity_number"))
    year = birth_year(date_of_birth) if date_of_birth else None
    if year is not None and year != 1900 + 100 * (mark // 2) + int(number[4:6]):
        found.append(finding("identity_birth_mismatch", "identity_number"))
    return found
