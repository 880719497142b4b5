"""A session of the test after a licence has expired: wished from the phone, answered by an officer.

The wish and its answer are one line: `code` is asked, confirmed or declined.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final

from server.auth.access import Actor
from server.dossier import formats
from server.dossier.calendar import filing_date
from server.errors import Conflict, Forbidden, Message, NotFound
from server.ports import Clock
from server.record import answers, journal, statuses
from server.record.answers import Answer
from server.record.columns import iso
from server.record.store import Connection, Record

TOPIC: Final = "retest"
TESTS: Final = ("theory", "theory_practice")
ANSWERED = Message(
    "Yêu cầu này đã được trả lời. Tải lại danh sách.",
    "This request was answered already. Load the list again.",
)
PAST = Message("Ngày sát hạch đã qua.", "The day of the test is over.")


def read(asked: dict[str, Any]) -> dict[str, Any] | None:
    """{test, class, week, slip} as asked; None for a wrong shape. `week`: its Monday."""
    test, held, week, slip = (asked.get(name) for name in ("test", "class", "week", "slip"))
    code = formats.slip(slip) if isinstance(slip, str) else None
    if test not in TESTS or not isinstance(held, str) or not 0 < len(held) <= 4 or code is None:
        return None
    try:
        monday = date.fromisoformat(week) if isinstance(week, str) else None
    except ValueError:
        return None
    if monday is None or monday.weekday() != 0:
        return None
    return {"test": test, "class": held, "week": monday.isoformat(), "slip": code}


def ask(conn: Connection, now: datetime, dossier: str, said: dict[str, Any]) -> dict[str, Any]:
    """What the status tells: the wish, unless a session was confirmed that is still to come."""
    before = answers.latest(conn, dossier, TOPIC)
    kept = before.said if before else {}
    if kept.get("code") == "confirmed" and kept["day"] >= filing_date(now).isoformat():
        return dict(kept)
    return {"code": "asked", **said}


class Retests:
    """For officers. `wake` sets the worker going."""

    def __init__(self, record: Record, clock: Clock, wake: Callable[[], None]) -> None:
        self._record = record
        self._clock = clock
        self._wake = wake

    async def waiting(self, actor: Actor) -> list[dict[str, Any]]:
        """[{dossier, asked_at, test, class, week, slip}], the first asked first."""
        _officer(actor)
        found = await self._record.read(lambda conn: answers.of_kind(conn, TOPIC))
        return [
            {"dossier": one.dossier, "asked_at": iso(one.at), **_wish(one)}
            for one in found
            if one.said["code"] == "asked"
        ]

    async def confirm(self, actor: Actor, dossier: str, day: str, time: str, place: str) -> None:
        """`Conflict` answered, past; `NotFound`."""
        if day < filing_date(self._clock()).isoformat():
            raise Conflict("past", PAST)
        said = {"code": "confirmed", "day": day, "time": time, "place": place}
        await self._answer(actor, dossier, said)

    async def decline(self, actor: Actor, dossier: str, reason: str) -> None:
        await self._answer(actor, dossier, {"code": "declined", "reason": reason})

    async def _answer(self, actor: Actor, dossier: str, said: dict[str, Any]) -> None:
        _officer(actor)
        now = self._clock()

        def work(conn: Connection) -> None:
            wish = answers.latest(conn, dossier, TOPIC)
            if wish is None:
                raise NotFound()
            if wish.said["code"] != "asked":
                raise Conflict("answered", ANSWERED)
            told = _wish(wish) | said
            answers.keep(conn, Answer(wish.document, dossier, TOPIC, now, told))
            journal.write(conn, now, str(actor), f"retest_{said['code']}", dossier)
            statuses.announce(conn, now, dossier)

        await self._record.run(work)
        self._wake()


def _wish(answer: Answer) -> dict[str, Any]:
    return {name: answer.said[name] for name in ("test", "class", "week", "slip")}


def _officer(actor: Actor) -> None:
    if actor.role != "officer":
        raise Forbidden("not_an_officer")
