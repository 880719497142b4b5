"""Taking a queue number: the first free half-hour of what was wished, or why not and what is free.

Refusals are codes: `closed` (that day), `past` (its hours are over), `too_far`, `full`, `has_one`
(this dossier waits with a number), `too_many` (this phone holds several, or took many).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from server.dossier import queue
from server.dossier.queue import Slot
from server.record import journal, queue_numbers, rate_limits, statuses
from server.record.queue_numbers import OPEN, QueueNumber
from server.record.store import Connection

ACTOR = "system:queue"
AT_ONCE: Final = 3
"""Numbers that one owner's dossiers wait with at a time: a family on one phone."""
A_DAY: Final = 8
"""Numbers that one owner takes in a day, given back or not."""


@dataclass(frozen=True)
class Wanted:
    """`part`: morning, afternoon; None: the day's first that is free."""

    point: str
    day: date
    part: str | None = None


@dataclass(frozen=True)
class By:
    """Who takes it from a phone."""

    dossier: str
    owner: str
    request: str


def for_phone(conn: Connection, now: datetime, wanted: Wanted, by: By) -> dict[str, Any]:
    """{"code": "given"}, or the refusal with the `next` free half-hour: {"day", "from", "to"}."""
    today, _ = queue.local(now)
    refusal = _against(conn, now, today, wanted, by)
    if refusal:
        return {"code": refusal}
    found = _first_free(conn, now, wanted, phone=True)
    if isinstance(found, Slot):
        given = _give(conn, now, wanted.point, wanted.day, found, by)
        detail = {"point": given.point, "day": given.day, "number": given.number}
        journal.write(conn, now, ACTOR, "queue_number", by.dossier, detail)
        return {"code": "given"}
    return {"code": found, "point": wanted.point, "next": _next_free(conn, now, wanted.point)}


def at_counter(conn: Connection, now: datetime, point: str) -> QueueNumber | str:
    """For somebody who stands there: today's first free half-hour; else the refusal."""
    today, _ = queue.local(now)
    found = _first_free(conn, now, Wanted(point, today), phone=False)
    return _give(conn, now, point, today, found, None) if isinstance(found, Slot) else found


def give_back(conn: Connection, now: datetime, dossier: str) -> dict[str, Any]:
    """{"code": "cancelled"}, or `none` where nothing waits any more."""
    row = queue_numbers.latest(conn, dossier)
    if row is None:
        return {"code": "none"}
    queue_numbers.hold(conn, row.point, date.fromisoformat(row.day))
    row = queue_numbers.find(conn, row.id) or row
    if row.state not in OPEN:
        return {"code": "none"}
    queue_numbers.change(conn, replace(row, state="cancelled", ended_at=now))
    return {"code": "cancelled"}


def told(conn: Connection, now: datetime, row: QueueNumber) -> None:
    """A number has changed; its dossier's status says so."""
    if row.dossier is not None:
        statuses.announce(conn, now, row.dossier)


def _against(conn: Connection, now: datetime, today: date, wanted: Wanted, by: By) -> str | None:
    waiting = queue_numbers.open_of_owner(conn, by.owner, today)
    if any(row.dossier == by.dossier for row in waiting):
        return "has_one"
    key = f"queue_number:{by.owner}"
    often = rate_limits.hit(conn, key, A_DAY, timedelta(days=1), now) is not None
    return "too_many" if often or len(waiting) >= AT_ONCE else None


def _first_free(conn: Connection, now: datetime, wanted: Wanted, phone: bool) -> Slot | str:
    """Holds the point's day from here on."""
    today, time = queue.local(now)
    if wanted.day < today:
        return "past"
    if wanted.day > queue.last_day(today):
        return "too_far"
    queue_numbers.hold(conn, wanted.point, wanted.day)
    day = queue.slots(wanted.point, wanted.day)
    if not day:
        return "closed"
    mine = [slot for slot in day if wanted.part in (None, slot.part)]
    ahead = [slot for slot in mine if wanted.day > today or slot.end > time]
    if not ahead:
        return "past"
    return next(_free(conn, wanted, ahead, phone), "full")


def _free(conn: Connection, wanted: Wanted, slots: list[Slot], phone: bool) -> Iterator[Slot]:
    taken = queue_numbers.taken(conn, wanted.point, wanted.day)
    for slot in slots:
        given, phones = taken.get(slot.begin, (0, 0))
        if given < slot.places and (not phone or phones < slot.by_phone):
            yield slot


def _next_free(conn: Connection, now: datetime, point: str) -> dict[str, str] | None:
    """The first half-hour that a phone could have, offered and not kept."""
    today, time = queue.local(now)
    for ahead in range((queue.last_day(today) - today).days + 1):
        day = today + timedelta(days=ahead)
        slots = [slot for slot in queue.slots(point, day) if ahead or slot.end > time]
        found = next(_free(conn, Wanted(point, day), slots, phone=True), None)
        if found:
            return {"day": day.isoformat(), "part": found.part} | _times(found)
    return None


def _times(slot: Slot) -> dict[str, str]:
    return {"from": slot.begin, "to": slot.end}


def _give(
    conn: Connection, now: datetime, point: str, day: date, slot: Slot, by: By | None
) -> QueueNumber:
    row = QueueNumber(
        id=secrets.token_hex(16),
        point=point,
        day=day.isoformat(),
        number=queue_numbers.next_number(conn, point, day),
        slot=slot.begin,
        slot_end=slot.end,
        turn=slot.begin,
        state="waiting",
        source="phone" if by else "counter",
        taken_at=now,
        dossier=by.dossier if by else None,
        owner=by.owner if by else None,
        request=by.request if by else None,
    )
    queue_numbers.add(conn, row)
    return row
