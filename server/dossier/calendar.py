"""Working days of Vietnamese state agencies, and the dates promised from them."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

from server.dossier.tables import table

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def filing_date(received_at: datetime) -> date:
    """Return the day in Vietnam of an aware time. Raises ValueError for a naive one."""
    if received_at.tzinfo is None:
        raise ValueError("received_at must carry its zone")
    return received_at.astimezone(ZONE).date()


@cache
def _listed_overrides() -> Mapping[date, str]:
    return {date.fromisoformat(row["date"]): row["kind"] for row in table("calendar")["overrides"]}


@cache
def _public_holidays(year: int) -> object:
    return country_holidays("VN", years=[year - 1, year, year + 1])


def is_working_day(day: date, overrides: Mapping[date, str] | None = None) -> bool:
    """Tell whether state agencies work on the day.

    overrides: {date: "off" | "work"}, by default data/calendar.json; it wins over the package.
    """
    kind = (_listed_overrides() if overrides is None else overrides).get(day)
    if kind is not None:
        return kind == "work"
    return bool(_public_holidays(day.year).is_working_day(day))  # type: ignore[attr-defined]


def counting_day(received_at: datetime, overrides: Mapping[date, str] | None = None) -> date:
    """Return the working day on which a dossier counts as received.

    After the cutoff (17:00 in Vietnam) or on a day off it is the next working day.
    """
    day = filing_date(received_at)
    cutoff = time.fromisoformat(table("calendar")["cutoff"])
    if received_at.astimezone(ZONE).time() > cutoff:
        day += timedelta(days=1)
    while not is_working_day(day, overrides):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, overrides: Mapping[date, str] | None = None) -> date:
    """Return the count-th working day after the day, which itself is not counted."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, overrides)
    return day


def deadline(
    received_at: datetime, working_days: int, overrides: Mapping[date, str] | None = None
) -> date:
    """Return the last day of a limit in working days, counted from the next working day."""
    return add_working_days(counting_day(received_at, overrides), working_days, overrides)


@lru_cache(maxsize=4096)
def working_days(day: date, until: date) -> int:
    """Return how many working days come after the day, up to and with the last one."""
    later = (day + timedelta(days=n) for n in range(1, (until - day).days + 1))
    return sum(is_working_day(each) for each in later)
