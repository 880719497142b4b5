"""Calendar months as the law counts them."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the month's last day where it has no such day.

    Stops at date.max, so that a nonsense year is late and not an error.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_span(day: date, span: Mapping[str, int]) -> date:
    """Return the day after a span {"days": n} or {"months": n} of the data files."""
    moved = add_months(day, span.get("months", 0))
    return moved + min(timedelta(days=span.get("days", 0)), date.max - moved)
