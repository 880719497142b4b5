"""The worst readings of an evaluation, each with its crop and the reasons, as one HTML file."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from html import escape

from ocr import explain, report
from ocr.readings import Reading
from ocr.training.figures import Row
from ocr.training.photos import LEVELS, photo


def worst(rows: Iterable[Row], most: int) -> list[Row]:
    """What is wrong, the surest first; then what could be read and is absent, of easy photos
    first."""
    bad = [row for row in rows if row.wrong or (row.value is None and not row.hidden)]
    return sorted(bad, key=lambda row: (-(row.confidence or 0), LEVELS.index(row.level)))[:most]


def page(rows: Iterable[Row]) -> str:
    """The photos are drawn and read once more. A field of which nothing was found has no crop."""
    return report.document("The worst readings", "".join(map(_case, rows)))


def _case(row: Row) -> str:
    shot = photo(row.seed, row.level, row.held_out)
    seen = explain.explain(str(row.seed), shot.jpeg, datetime.now(UTC).date())
    nothing = report.Why(Reading(row.field, "", 0.0, "ocr", (0, 0, 0, 0)), ("nothing found",))
    found = next((one for one in seen.fields if one.reading.field == row.field), nothing)
    title = f"{row.level} {row.seed}{' (hidden)' if row.hidden else ''}: {escape(row.truth)}"
    return report.table(title, [report.field(seen.picture, found)])
