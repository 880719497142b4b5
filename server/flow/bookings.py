"""What a person asks of an office, made without a network: a queue number or to give it back, a
session of a test, the card kept at a point instead of brought.

Every answer is kept with its request and told in the dossier's status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from server.dossier import queue
from server.flow import pick_up, retest, take_number
from server.record import answers, handovers
from server.record.answers import Answer
from server.record.store import Connection


@dataclass(frozen=True)
class Booking:
    """`said`: what the request names besides its kind. `made_at`: by the device's own clock, for
    what was asked one after the other without a network arrives together."""

    kind: str
    request: str
    dossier: str
    owner: str
    made_at: str
    said: Mapping[str, Any]


def _queue_number(conn: Connection, now: datetime, asked: Booking) -> dict[str, Any]:
    wanted = take_number.Wanted(
        asked.said["point"], date.fromisoformat(asked.said["day"]), asked.said["part"]
    )
    by = take_number.By(asked.dossier, asked.owner, asked.request)
    return take_number.for_phone(conn, now, wanted, by)


def _give_back(conn: Connection, now: datetime, asked: Booking) -> dict[str, Any]:
    return take_number.give_back(conn, now, asked.dossier)


def _retest(conn: Connection, now: datetime, asked: Booking) -> dict[str, Any]:
    return retest.ask(conn, now, asked.dossier, dict(asked.said))


def _pick_up(conn: Connection, now: datetime, asked: Booking) -> dict[str, Any]:
    if handovers.lender(conn, asked.dossier):
        return {"code": "lent", "point": asked.said["point"]}
    return pick_up.ask(conn, now, asked.dossier, asked.said["point"])


_DONE_BY: Final[Mapping[str, Callable[[Connection, datetime, Booking], dict[str, Any]]]] = {
    "queue_number": _queue_number,
    "queue_cancel": _give_back,
    "retest": _retest,
    "pick_up": _pick_up,
}
TOPIC: Final = {
    "queue_number": "queue",
    "queue_cancel": "queue",
    "retest": retest.TOPIC,
    "pick_up": pick_up.TOPIC,
}
"""Under what an answer is told; the newest of a topic counts."""
KINDS: Final = tuple(_DONE_BY)


def read(kind: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the sealed part of such a request names; None for a wrong shape."""
    if kind == "queue_cancel":
        return {}
    if kind == "retest":
        return retest.read(dict(asked))
    point, part = asked.get("point"), asked.get("part")
    if not isinstance(point, str) or point not in queue.points():
        return None
    if kind == "pick_up":
        return {"point": point}
    day = _day(asked.get("day"))
    if day is None or part not in (None, *queue.PARTS):
        return None
    return {"point": point, "day": day, "part": part}


def fulfil(conn: Connection, now: datetime, asked: Booking) -> None:
    """Does it or says why not; either way the request is answered."""
    said = _DONE_BY[asked.kind](conn, now, asked)
    answers.keep(conn, Answer(asked.request, asked.dossier, TOPIC[asked.kind], now, said))


def _day(value: object) -> str | None:
    try:
        return date.fromisoformat(value).isoformat() if isinstance(value, str) else None
    except ValueError:
        return None
