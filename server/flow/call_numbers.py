"""The queue of a point as its counters run it: take, call, call once more, nobody came, served.

Who is not there when called is called once again half an hour later, and then no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar

from server.auth.access import Actor
from server.dossier import queue
from server.errors import Conflict, Forbidden, Message, NotFound
from server.flow import take_number
from server.ports import Clock
from server.record import queue_numbers
from server.record.columns import iso
from server.record.queue_numbers import QueueNumber
from server.record.store import Connection, Record

T = TypeVar("T")
EARLY: Final = timedelta(minutes=30)
"""So long before their half-hour people are called when nobody else waits."""
AGAIN: Final = timedelta(minutes=30)
CALLS: Final = 2
SHOWN: Final = 8
"""Numbers on the screen."""

NOBODY = Message(
    "Chưa có ai đến lượt. Người hẹn giờ sau sẽ được gọi khi gần đến giờ.",
    "Nobody's turn yet. Who comes later is called when the time is near.",
)
REFUSED: Final = {
    "closed": Message("Hôm nay điểm này không làm việc.", "This point is closed today."),
    "past": Message("Đã hết giờ làm việc hôm nay.", "Opening hours are over for today."),
    "full": Message("Hôm nay đã hết số.", "All numbers of today are taken."),
}
OTHER_POINT = Message("Tài khoản này thuộc điểm khác.", "This account belongs to another point.")
NOT_CALLED = Message(
    "Số này không còn được gọi. Xem lại danh sách.",
    "This number is not being called any more. Look at the list again.",
)


class CallNumbers:
    """Clerks run the queue of their own point, officers that of any."""

    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock

    async def today(self, actor: Actor, point: str) -> dict[str, Any]:
        """{"day", "open", "numbers": [...]} in the order of calling."""
        _may(actor, point)
        day, _ = queue.local(self._clock())
        rows = await self._record.read(lambda conn: queue_numbers.of_day(conn, point, day))
        slots = queue.slots(point, day)
        return {
            "day": day.isoformat(),
            "open": [slots[0].begin, slots[-1].end] if slots else None,
            "numbers": [_shown(row) for row in rows],
        }

    async def screen(self, point: str) -> dict[str, Any]:
        """For everybody: {"day", "called": [{"number", "counter", "at"}], "waiting"}; the last
        called first, nothing of any person."""
        _known(point)
        day, _ = queue.local(self._clock())
        rows = await self._record.read(lambda conn: queue_numbers.of_day(conn, point, day))
        called = [row for row in rows if row.state == "called" and row.called_at]
        called.sort(key=lambda row: row.called_at or row.taken_at, reverse=True)
        return {
            "day": day.isoformat(),
            "called": [
                {"number": row.number, "counter": row.counter, "at": iso(row.called_at)}
                for row in called[:SHOWN]
                if row.called_at
            ],
            "waiting": sum(row.state == "waiting" for row in rows),
        }

    async def take(self, actor: Actor, point: str) -> dict[str, Any]:
        """For somebody without a phone. `Conflict` queue_closed, queue_past, queue_full."""
        _may(actor, point)
        now = self._clock()
        given = await self._record.run(lambda conn: take_number.at_counter(conn, now, point))
        if isinstance(given, str):
            raise Conflict(f"queue_{given}", REFUSED[given])
        return _shown(given)

    async def call_next(self, actor: Actor, point: str, counter: str) -> dict[str, Any]:
        """The next one, to this counter. `Conflict` nobody_waiting."""
        _may(actor, point)
        now = self._clock()
        day, time = queue.local(now)

        def call(conn: Connection) -> QueueNumber:
            queue_numbers.hold(conn, point, day)
            soon = _later(day, time, EARLY)
            rows = queue_numbers.of_day(conn, point, day)
            due = (
                row
                for row in rows
                if row.state == "waiting" and row.turn <= (time if row.missed else soon)
            )
            found = next(due, None)
            if found is None:
                raise Conflict("nobody_waiting", NOBODY)
            return _change(conn, now, found, state="called", counter=counter, called_at=now)

        return _shown(await self._record.run(call))

    async def recall(self, actor: Actor, name: str) -> dict[str, Any]:
        """Shows a number again as called just now."""
        return await self._on(actor, name, lambda now, row: {"called_at": now})

    async def served(self, actor: Actor, name: str) -> dict[str, Any]:
        return await self._on(actor, name, lambda now, row: {"state": "served", "ended_at": now})

    async def missed(self, actor: Actor, name: str) -> dict[str, Any]:
        """Nobody came: waiting again, half an hour later; after the second time it is over."""

        def miss(now: datetime, row: QueueNumber) -> dict[str, Any]:
            if row.missed + 1 >= CALLS:
                return {"state": "missed", "missed": row.missed + 1, "ended_at": now}
            day, time = queue.local(now)
            turn = max(row.turn, _later(day, time, AGAIN))
            return {"state": "waiting", "missed": row.missed + 1, "turn": turn, "counter": None}

        return await self._on(actor, name, miss)

    async def _on(
        self,
        actor: Actor,
        name: str,
        changed: Callable[[datetime, QueueNumber], dict[str, Any]],
    ) -> dict[str, Any]:
        """One that is being called. `Conflict` not_called, `NotFound` for a number of no day."""
        now = self._clock()

        def work(conn: Connection) -> QueueNumber:
            row = queue_numbers.find(conn, name)
            if row is None:
                raise NotFound()
            _may(actor, row.point)
            queue_numbers.hold(conn, row.point, date.fromisoformat(row.day))
            row = queue_numbers.find(conn, name)
            if row is None or row.state != "called":
                raise Conflict("not_called", NOT_CALLED)
            return _change(conn, now, row, **changed(now, row))

        return _shown(await self._record.run(work))


def _change(conn: Connection, now: datetime, row: QueueNumber, **changes: Any) -> QueueNumber:
    after = replace(row, **changes)
    queue_numbers.change(conn, after)
    take_number.told(conn, now, after)
    return after


def _later(day: date, time: str, by: timedelta) -> str:
    """HH:MM, on the same day at the latest."""
    at = datetime.combine(day, datetime.strptime(time, "%H:%M").time()) + by
    return at.strftime("%H:%M") if at.date() == day else "23:59"


def _shown(row: QueueNumber) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "from": row.slot,
        "to": row.slot_end,
        "turn": row.turn,
        "state": row.state,
        "missed": row.missed,
        "counter": row.counter,
        "source": row.source,
        "called_at": iso(row.called_at) if row.called_at else None,
    }


def _known(point: str) -> None:
    if point not in queue.points():
        raise NotFound()


def _may(actor: Actor, point: str) -> None:
    _known(point)
    if actor.role == "officer" or (actor.role == "clerk" and actor.point == point):
        return
    raise Forbidden("other_point", OTHER_POINT)
