"""Checking a submission against data/submission.schema.json, and raising old versions."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from server.dossier.findings import Finding, finding
from server.dossier.tables import table

CURRENT = "submission/1"
QR_MAXIMUM = 2953  # bytes a QR code can hold (ISO/IEC 18004, version 40-L)

# From the version that is old to the function that makes the next one of it.
UPCASTERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}

_PATTERNS = {
    "full_name": "full_name_format",
    "identity_number": "identity_number_format",
    "licence_number": "licence_number_format",
    "phone": "phone_format",
    "certificate_number": "certificate_number_format",
}


def upcast(
    submission: Mapping[str, Any],
    upcasters: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = UPCASTERS,
) -> dict[str, Any]:
    """Return the submission raised step by step to the newest version known."""
    raised = dict(submission)
    for _ in upcasters:  # each version is passed at most once
        step = upcasters.get(str(raised.get("schema")))
        if step is None:
            break
        raised = step(raised)
    return raised


def validate(submission: object) -> list[Finding]:
    """Return what is wrong with the shape; an empty list means the shape is sound.

    Never raises on bad input: anything JSON can say is answered with findings.
    """
    if not isinstance(submission, dict):
        return [finding("shape", "submission")]
    version = submission.get("schema")
    if version != CURRENT:
        return [finding("unknown_schema", "submission", name=str(version)[:40])]
    try:
        errors = [_finding(error) for error in _validator().iter_errors(submission)]
    except (ValueError, TypeError, OverflowError):  # lone surrogates, NaN: not JSON at all
        return [finding("shape", "submission")]
    found: list[Finding] = []
    for item in (*errors, *_beyond_the_schema(submission)):
        if item not in found:
            found.append(item)
    return found


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(table("submission.schema"))


def _finding(error: Any) -> Finding:
    path = list(error.instance_path)
    target = _target(path)
    keyword = error.schema_path[-1]
    if keyword == "required":
        return finding("required", target)
    if keyword == "additionalProperties":
        return finding("unknown_field", target, name=", ".join(error.kind.unexpected)[:80])
    if keyword == "enum":
        return finding("choice", target)
    if keyword == "maxLength" and (target == "full_name" or target not in _PATTERNS):
        return finding("too_long", target, limit=error.kind.limit)
    return finding(_PATTERNS.get(target, "shape"), target)


def _target(path: list[str | int]) -> str:
    if len(path) > 1 and path[0] == "answers":
        name = str(path[1])
        return name if name in table("fields")["fields"] else "submission"
    if path and path[0] in ("consents", "readings", "slip"):
        return str(path[0])
    return "submission"


def _beyond_the_schema(submission: dict[str, Any]) -> Iterator[Finding]:
    answers = submission.get("answers")
    for name, value in answers.items() if isinstance(answers, dict) else ():
        if isinstance(value, str) and not unicodedata.is_normalized("NFC", value):
            yield finding("not_nfc", name if name in table("fields")["fields"] else "submission")
    readings = submission.get("readings")
    for reading in readings if isinstance(readings, list) else ():
        text = reading.get("text") if isinstance(reading, dict) else None
        if isinstance(text, str) and len(text.encode(errors="replace")) > QR_MAXIMUM:
            yield finding("too_long", "readings", limit=QR_MAXIMUM)
