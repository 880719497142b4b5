"""Typed answers compared with what a QR code, the print or a registry says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from server.dossier import formats
from server.dossier.findings import Finding, finding
from server.dossier.persons import compare_names, fold, same_birth

Match = Literal["same", "writing", "differs"]

_NORMAL = {
    "licence_number": formats.licence_number,
    "licence_serial": formats.licence_serial,
    "identity_number": formats.identity_number,
    "certificate_number": formats.certificate_number,
    "phone": formats.phone,
}
_PLACES = ("residence_legacy", "residence_line", "licence_issue_place", "nationality")


def compare_value(name: str, typed: str, read: str) -> Match:
    """Compare one answer with one reading of it, by the kind of field."""
    if name == "full_name":
        return compare_names(typed, read)
    if name == "date_of_birth":
        return "same" if same_birth(typed, read) else "differs"
    if name in _PLACES:
        return "same" if fold(typed) == fold(read) else "differs"
    normal = _NORMAL.get(name)
    if normal is not None:
        return "same" if (normal(typed) or typed) == (normal(read) or read) else "differs"
    return "same" if typed == read else "differs"


def compare_readings(
    answers: Mapping[str, Any], readings: Sequence[Mapping[str, Any]]
) -> Iterator[Finding]:
    """Yield reading_differs (warning) and reading_written_differently (notice).

    readings: {"source", "fields"} with the spellings of the answers; fields that are no answers
    (identity_issue_date, …) and empty ones are passed over, and so is an address on an ID card
    (it is of the card's issue day).
    """
    seen: set[tuple[str, str, str]] = set()
    for reading in readings:
        source = str(reading["source"])
        for name, read in reading["fields"].items():
            typed = answers.get(name)
            if not isinstance(typed, str) or not read or name in ("residence_line",):
                continue
            match = compare_value(name, typed, read)
            if match == "same" or (source, name, match) in seen:
                continue
            seen.add((source, name, match))
            code = "reading_differs" if match == "differs" else "reading_written_differently"
            yield finding(code, name, source=source)
