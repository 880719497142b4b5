"""What the desk shows of one dossier: typed answers beside what codes, print and registry say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.auth.access import Opened
from server.dossier.readings import compare_value
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.forwardings import ForwardingRow
from server.record.waits import Wait

_WORSE = ("same", "writing", "differs")


WHAT = {"deliver": "post", "payment": "gateway", "refund": "refund", "notify": "notify"}
OWN = ("validate", "forward", "decide")
"""Jobs whose waiting the dossier's own `wait` tells."""


def queue_item(row: Dossier, today: str, others: Sequence[Wait] = ()) -> dict[str, Any]:
    return {
        "dossier": row.id,
        "dossier_code": row.code,
        "name": row.name,
        "procedure": row.procedure,
        "licence_class": row.licence_class,
        "state": row.state,
        "filed_at": iso(row.filed_at),
        "due_on": row.due_on,
        "overdue": row.due_on is not None and row.due_on < today and row.closed_at is None,
        "findings": {"error": row.errors, "warning": row.warnings},
        "channel": row.channel,
        "wait": wait_shown(row.wait),
        "waits": waits(row, others),
    }


def waits(
    row: Dossier, others: Sequence[Wait], forwarding: ForwardingRow | None = None
) -> list[dict[str, Any]]:
    """Every outside system that is awaited: [{what, since, next_try, tries, reason}]. `what`:
    certificate, authority, payment (the applicant's), gateway (what it says of one), refund, post,
    portal, notify, or `job` for work of our own."""
    found = []
    if row.wait:
        sent = forwarding if row.wait["what"] == "authority" else None
        tries = row.wait.get("tries", sent.tries if sent else 0)
        reason = sent.reason if sent else None
        found.append({**(wait_shown(row.wait) or {}), "tries": tries, "reason": reason})
    for one in others:
        if one.what in OWN and row.wait:
            continue
        found.append(
            {
                "what": one.what if one.what == "portal" else WHAT.get(one.what, "job"),
                "since": iso(one.since),
                "next_try": iso(one.next_try) if one.next_try else None,
                "tries": one.tries,
                "reason": one.reason,
            }
        )
    return found


def wait_shown(wait: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {key: wait[key] for key in ("what", "since", "next_try")} if wait else None


def assessment_of(row: Dossier, opened: Opened, sealed: str | None) -> dict[str, Any]:
    """{"findings", "readings", "registry"}; empty before validation."""
    if sealed is None:
        return {"findings": [], "readings": [], "registry": None}
    assessment: dict[str, Any] = opened.unseal(
        f"assessment:{row.submission}", "assessment/1", sealed
    )
    return assessment


def comparison(
    answers: Mapping[str, Any],
    readings: Sequence[Mapping[str, Any]],
    registry: Mapping[str, str] | None,
) -> list[dict[str, Any]]:
    """One row a field that somebody besides the applicant speaks about: {field, typed, qr, print,
    registry, result, crop}; `result` is the worst agreement: same, writing, differs, or None where
    nothing was typed. `crop`: where it stands on a photo, {photo, box}, or None."""
    crops = _crops(readings)
    columns: dict[str, dict[str, str]] = {"qr": {}, "print": {}, "registry": dict(registry or {})}
    for reading in readings:
        column = "print" if reading["source"] == "print" else "qr"
        for name, value in reading["fields"].items():
            columns[column].setdefault(name, value)
    rows: list[dict[str, Any]] = []

    def add(name: str, typed: str | None, said: Mapping[str, str | None], result: Any) -> None:
        row = {"field": name, "typed": typed, **said}
        rows.append(row | {"result": result, "crop": crops.get(name)})

    for name, typed in answers.items():
        said = {column: values.get(name) for column, values in columns.items()}
        if isinstance(typed, str) and any(said.values()):
            matches = [compare_value(name, typed, value) for value in said.values() if value]
            add(name, typed, said, max(matches, key=_WORSE.index))
    for name in sorted({name for values in columns.values() for name in values} - set(answers)):
        add(name, None, {column: values.get(name) for column, values in columns.items()}, None)
    return rows


def _crops(readings: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Print before codes, for it can be read; a phone's own scan has no photo here."""
    crops: dict[str, dict[str, Any]] = {}
    for reading in sorted(readings, key=lambda one: one["source"] != "print"):
        for name, box in reading.get("boxes", {}).items():
            crops.setdefault(name, {"photo": reading["photo"], "box": box})
    return crops
