"""Typed answers compared with what a QR code, the print or a registry says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from server.dossier import formats
from server.dossier.addresses import compare_addresses
from server.dossier.findings import Finding, finding
from server.dossier.persons import compare_names, same_birth

Match = Literal["same", "writing", "differs"]

_RETAKES = {
    "blurred": "photo_blurred",
    "too_small": "photo_small",
    "not_a_licence": "photo_of_another",
    "cut_off": "photo_cut",
    "glare_over": "photo_glare",
}

_NORMAL = {
    "licence_number": formats.licence_number,
    "licence_serial": formats.licence_serial,
    "identity_number": formats.identity_number,
    "certificate_number": formats.certificate_number,
    "phone": formats.phone,
}
_NOT_COMPARED = ("residence_line", "licence_issue_place")
"""Others write them otherwise: an address by its parts, the office for its place."""
_PLACES = ("residence_legacy", "residence_line", "licence_issue_place")


_PAYLOADS = {
    "id_card": (
        "id_card_qr",
        {
            "number": "identity_number",
            "old_number": "old_identity_number",
            "name": "full_name",
            "address": "residence_legacy",
            "issue_date": "identity_issue_date",
        },
    ),
    "certificate": ("certificate_qr", {"number": "certificate_number"}),
    "licence": (
        "licence_qr",
        {
            "number": "licence_number",
            "serial": "licence_serial",
            "issue_date": "licence_issue_date",
            "expiry": "licence_expiry",
        },
    ),
}


def from_payload(kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return {"source", "fields"} with the spellings of the answers for a decoded QR code.

    kind: "id_card", "certificate", "licence"; any other gives source "other_qr". Fields whose
    name is the answer's already (sex, date_of_birth, licence_class) are kept.
    """
    source, names = _PAYLOADS.get(kind, ("other_qr", {}))
    return {"source": source, "fields": {names.get(key, key): v for key, v in fields.items()}}


def source_of(kind: str, origin: str) -> str:
    """Return what a photo's reading is called among data/messages.json's values.

    kind: the photo's. origin: "qr" or "print".
    """
    if origin != "qr":
        return origin
    return "certificate_qr" if kind == "health_certificate" else "licence_qr"


def retake_code(problem: str) -> str:
    """Return the code of data/messages.json for why a photo should be taken again."""
    return _RETAKES.get(problem, "photo_unreadable")


def compare_value(name: str, typed: str, read: str) -> Match:
    """Compare one answer with one reading of it, by the kind of field."""
    if name in ("full_name", "nationality"):
        return compare_names(typed, read)
    if name == "date_of_birth":
        return "same" if same_birth(typed, read) else "differs"
    if name in _PLACES:
        return compare_addresses(typed, read)
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
    (it is of the card's issue day). What the licence's own code says too is not compared with the
    licence's print: a code is never misread by a letter.
    """
    coded = {name for one in readings if one["source"] == "licence_qr" for name in one["fields"]}
    seen: set[tuple[str, str, str]] = set()
    for reading in readings:
        source = str(reading["source"])
        for name, read in reading["fields"].items():
            typed = answers.get(name)
            if not isinstance(typed, str) or not read or name in _NOT_COMPARED:
                continue
            if source == "print" and name in coded:
                continue
            match = compare_value(name, typed, read)
            if match == "same" or (source, name, match) in seen:
                continue
            seen.add((source, name, match))
            code = "reading_differs" if match == "differs" else "reading_written_differently"
            yield finding(code, name, source=source)
