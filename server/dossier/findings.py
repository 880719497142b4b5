"""What a check found in a dossier, and the words for it."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from server.dossier.tables import table

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True)
class Finding:
    """One thing found.

    code: key of data/messages.json, which also says what to do.
    field: a key of data/fields.json (an answer, "photo:<kind>", "consents", …).
    severity: error (must be corrected), warning (an officer looks), notice (good to know).
    params: values for the words; no personal data beyond what the person's own form holds.
    """

    code: str
    field: str
    severity: Severity
    params: Mapping[str, str | int] = dataclasses.field(default_factory=dict, hash=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON shape used in status documents and by the desk."""
        return {
            "code": self.code,
            "field": self.field,
            "severity": self.severity,
            "params": dict(self.params),
        }


def finding(code: str, field: str, **params: str | int) -> Finding:
    """Make a finding with the severity that data/messages.json gives its code."""
    return Finding(code, field, table("messages")["messages"][code]["severity"], params)


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the gravest severity present, None for none."""
    present = {item.severity for item in findings}
    order: tuple[Severity, ...] = ("error", "warning", "notice")
    return next((severity for severity in order if severity in present), None)


def field_label(target: str, language: str) -> str:
    """Return the name of a field in "vi" or "en"; the key itself for an unknown one."""
    fields = table("fields")["fields"]
    return str(fields[target][language]) if target in fields else target


def explain(item: Finding, language: str) -> dict[str, str]:
    """Return {"why", "do"} in "vi" or "en".

    "{field}" and the params are filled in; a param that names a field or a word of
    messages.json's "values" is shown by its label.
    """
    words = table("messages")
    values = words["values"]

    def fill(match: re.Match[str]) -> str:
        key = match[1]
        if key == "field":
            return field_label(item.field, language)
        value = str(item.params.get(key, ""))
        if value in values:
            return str(values[value][language])
        return _date(value) or field_label(value, language)

    text = words["messages"][item.code][language]
    return {part: re.sub(r"\{(\w+)\}", fill, text[part]) for part in ("why", "do")}


def _date(value: str) -> str:
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", value)
    return f"{match[3]}/{match[2]}/{match[1]}" if match else ""
