"""How long what is kept here (data/retention.json)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from server.dossier import states
from server.dossier.tables import table


def rows() -> list[dict[str, Any]]:
    """What, days, and the words for people."""
    found: list[dict[str, Any]] = table("retention")["kept"]
    return found


def period(what: str) -> timedelta:
    """KeyError for what is not in the table or not erased by time."""
    days = {row["what"]: row["days"] for row in rows() if row["days"] is not None}
    return timedelta(days=days[what])


def of_states(override: int | None = None) -> Mapping[str, timedelta]:
    """Ended state → how long a dossier stays after its end. `override`: days, for all of them."""
    ended = [state for state in states.states() if states.ended(state)]
    if override is not None:
        return dict.fromkeys(ended, timedelta(days=override))
    return {state: period(state) for state in ended}
