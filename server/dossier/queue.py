"""Half-hours of the intake points in which numbers are given out (data/queue.json)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from server.dossier.calendar import ZONE, is_working_day
from server.dossier.tables import covers, in_force, table

PARTS = ("morning", "afternoon")


@dataclass(frozen=True)
class Slot:
    """`begin` and `end`: HH:MM in Vietnam. `places`: how many numbers in all; `by_phone`: how many
    of them before anybody stands at the counter."""

    part: str
    begin: str
    end: str
    places: int
    by_phone: int


def point_on(point: str, day: date) -> Mapping[str, Any] | None:
    """The row of data/intake_points.json, None where there is no such point on that day."""
    rows = table("intake_points")["points"]
    return next((row for row in rows if row["id"] == point and covers(row, day)), None)


def points() -> frozenset[str]:
    """Every point there ever was."""
    return frozenset(row["id"] for row in table("intake_points")["points"])


def slots(point: str, day: date) -> list[Slot]:
    """The day's, in order; none on a day on which the point is closed."""
    row, rule = point_on(point, day), in_force(table("queue")["rules"], day)
    if row is None or rule is None or _closed(point, day):
        return []
    places = rule["places"][row["kind"]]
    step = timedelta(minutes=rule["slot_minutes"])
    return [
        Slot(part, begin, end, places["each_slot"], places["by_phone"])
        for part in PARTS
        for begin, end in _steps(rule["parts"][part], step)
    ]


def last_day(today: date) -> date:
    """The last day for which a number may be asked."""
    rule = in_force(table("queue")["rules"], today)
    return today + timedelta(days=rule["days_ahead"] if rule else 0)


def local(now: datetime) -> tuple[date, str]:
    """Day and time (HH:MM) in Vietnam, where a point's day begins and ends at midnight."""
    there = now.astimezone(ZONE)
    return there.date(), there.strftime("%H:%M")


def _closed(point: str, day: date) -> bool:
    rows = table("queue")["closed"]
    named = any(row["point"] in (point, None) and covers(row, day) for row in rows)
    return named or not is_working_day(day)


def _steps(hours: Sequence[str], step: timedelta) -> Iterator[tuple[str, str]]:
    at, last = (datetime.combine(date.min, time.fromisoformat(each)) for each in hours)
    while at < last:
        upto = min(at + step, last)
        yield at.strftime("%H:%M"), upto.strftime("%H:%M")
        at = upto
