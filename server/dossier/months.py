"""Calendar months as the law counts them."""

import calendar
from collections.abc import Mapping
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, the month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def add_span(day: date, span: Mapping[str, int]) -> date:
    """Return the day after a span {"days": n} or {"months": n} of the data files."""
    return add_months(day, span.get("months", 0)) + timedelta(days=span.get("days", 0))
