"""The package's own JSON files, and looking a row up by date."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return data/<name>.json. Shared and cached: callers do not change it."""
    text = (files(__package__) / "data" / f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def names() -> list[str]:
    """Return the names of all data files."""
    files_here = (files(__package__) / "data").iterdir()
    return sorted(f.name.removesuffix(".json") for f in files_here if f.name.endswith(".json"))


def covers(row: Mapping[str, Any], day: date) -> bool:
    """Tell whether the row's inclusive 'from' and 'to' (null: open) hold the day."""
    iso = day.isoformat()
    return row["from"] <= iso and (row["to"] is None or iso <= row["to"])


def in_force(rows: Iterable[dict[str, Any]], day: date) -> dict[str, Any] | None:
    """Return the row that holds on the day, or None when the table does not reach it."""
    return next((row for row in rows if covers(row, day)), None)
