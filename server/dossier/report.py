"""The monthly report, computed from counts and dates: shares, time to a decision, lateness.

A dossier counts in the month of its receipt in Vietnam, whatever becomes of it later. The share is
rounded half up to two decimals: 1,115 of 2,490 are 44.78 %.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from server.dossier.calendar import ZONE, counting_day, filing_date, working_days
from server.dossier.tables import table

KINDS = ("procedure", "point", "channel", "licence_class")
IN_PERSON = "counter"
"""The channel of what was filed at a counter and is only imported."""


@dataclass(frozen=True)
class Cell:
    """How many dossiers were received that are alike in these; None where it is not known."""

    procedure: str
    point: str | None
    channel: str
    licence_class: str | None
    received: int


@dataclass(frozen=True)
class Course:
    """One dossier of this server's. due_on: the day first promised, YYYY-MM-DD. closed_at:
    when nothing followed any more (delivered, rejected, withdrawn)."""

    filed_at: datetime
    due_on: str | None
    decided_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class Line:
    """One row of a table. share: online of received in percent, None where nothing was received."""

    key: str | None
    received: int
    online: int
    share: Decimal | None


@dataclass(frozen=True)
class Report:
    """tables: KINDS, each the largest first. median_days, p90_days: working days from the day that
    counts as received to the decision, None where nothing is decided."""

    month: str
    total: Line
    in_person: int
    tables: Mapping[str, Sequence[Line]]
    decided: int
    median_days: float | None
    p90_days: int | None
    overdue: int
    overdue_open: int


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """Return the first moment of a month "YYYY-MM" in Vietnam and that of the next one.

    Raises ValueError for a text that is no month from 2000 to 2999.
    """
    if not re.fullmatch(r"2[0-9]{3}-(0[1-9]|1[0-2])", month):
        raise ValueError(f"{month!r} is no month like 2023-10")
    year, number = int(month[:4]), int(month[5:])
    after = (year + 1, 1) if number == 12 else (year, number + 1)
    return datetime(year, number, 1, tzinfo=ZONE), datetime(*after, 1, tzinfo=ZONE)


def month_report(
    month: str, cells: Sequence[Cell], courses: Sequence[Course], today: date
) -> Report:
    """Return the report of one month. courses: of the dossiers that `cells` counts, without what
    was imported. today: the day in Vietnam by which an undecided dossier is late or not."""
    waited = sorted(
        working_days(counting_day(one.filed_at), filing_date(one.decided_at))
        for one in courses
        if one.decided_at is not None
    )
    late = [one for one in courses if _is_late(one, today)]
    return Report(
        month=month,
        total=_line(None, cells),
        in_person=sum(cell.received for cell in cells if cell.channel == IN_PERSON),
        tables={kind: _lines(kind, cells) for kind in KINDS},
        decided=len(waited),
        median_days=float(median(waited)) if waited else None,
        p90_days=waited[math.ceil(len(waited) * 0.9) - 1] if waited else None,
        overdue=len(late),
        overdue_open=sum(one.decided_at is None and one.closed_at is None for one in late),
    )


def share(online: int, received: int) -> Decimal | None:
    """Return the percentage with two decimals, half up; None where nothing was received."""
    if not received:
        return None
    exact = Decimal(online * 100) / Decimal(received)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def label(kind: str, key: str | None, language: str) -> str:
    """Return the words for one key of a table in "vi" or "en"."""
    if kind == "licence_class" and key:
        return key
    if kind == "channel":
        found = table("report")["channels"].get(key)
    else:
        name = "procedures" if kind == "procedure" else "intake_points"
        rows = table(name)["procedures" if kind == "procedure" else "points"]
        found = next((row for row in rows if row["id"] == key), None)
    return str((found or table("report")["unknown"][kind])[language])


def _is_late(one: Course, today: date) -> bool:
    if one.due_on is None:
        return False
    ended = one.decided_at or one.closed_at
    return (filing_date(ended) if ended else today).isoformat() > one.due_on


def _lines(kind: str, cells: Sequence[Cell]) -> list[Line]:
    alike: dict[str | None, list[Cell]] = {}
    for cell in cells:
        alike.setdefault(getattr(cell, kind), []).append(cell)
    lines = [_line(key, rows) for key, rows in alike.items()]
    return sorted(lines, key=lambda line: (-line.received, line.key or "~"))


def _line(key: str | None, cells: Sequence[Cell]) -> Line:
    by_channel: Counter[str] = Counter()
    for cell in cells:
        by_channel[cell.channel] += cell.received
    received = by_channel.total()
    online = sum(by_channel[channel] for channel in table("report")["online"])
    return Line(key, received, online, share(online, received))
