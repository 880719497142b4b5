"""Queue numbers: asked by a sealed request, answered in the status, called at the point."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server.auth.access import Actor
from server.errors import Conflict, Forbidden, NotFound
from server.flow.call_numbers import CallNumbers
from server.sandbox.paper import Paper
from tests.server.handed import Code, Point, Vault, intake_point, request

pytestmark = pytest.mark.anyio
CLERK = Actor("clerk", "a" * 32, "bn-08")
OFFICER = Actor("officer", "b" * 32)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 8:00 in Vietnam; the 24th is a holiday


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def point(tmp_path: Path) -> AsyncIterator[Point]:
    async with intake_point(tmp_path, "embedded") as point:
        point.clock.now = MONDAY
        yield point


def wanted(day: str = "2026-11-23", part: str | None = None, **more: Any) -> dict[str, Any]:
    return {"point": "bn-08", "day": day, "part": part} | more


async def ask(
    at: Point, vault: Vault, paper: Paper, kind: str = "queue_number", **said: Any
) -> dict[str, Any]:
    """Sends it; what the status says of the queue then."""
    assert await vault.push([request(paper, Code(), kind, **said)]) == {}
    await at.work()
    return await told(at, vault, paper)


async def told(at: Point, vault: Vault, paper: Paper) -> dict[str, Any]:
    """What the status says of the queue."""
    sealed = (await at.status(vault, paper)).sealed
    assert sealed is not None
    said: dict[str, Any] = sealed["queue"]
    return said


def desk(point: Point) -> CallNumbers:
    return CallNumbers(point.parts.record, point.clock)


async def test_a_number_for_a_draft_that_only_a_counter_can_take(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    said = await ask(point, phone, paper, **wanted())
    assert said["answer"]["code"] == "given"
    assert said["number"] == {
        "number": 1,
        "point": "bn-08",
        "day": "2026-11-23",
        "from": "08:00",
        "to": "08:30",
        "state": "waiting",
        "missed": 0,
        "counter": None,
    }
    assert (await point.status(phone, paper)).clear["group"] == "draft"
    again = await ask(point, phone, paper, **wanted("2026-11-25"))
    assert again["answer"]["code"] == "has_one"
    assert again["number"]["number"] == 1


async def test_given_back_and_taken_for_the_afternoon_of_a_dossier_that_was_sent(
    point: Point,
) -> None:
    phone = await point.vault()
    paper = await point.sent(phone)
    await ask(point, phone, paper, **wanted())
    back = await ask(point, phone, paper, "queue_cancel")
    assert (back["answer"]["code"], back["number"]["state"]) == ("cancelled", "cancelled")
    assert (await ask(point, phone, paper, "queue_cancel"))["answer"]["code"] == "none"
    said = await ask(point, phone, paper, **wanted(part="afternoon"))
    assert (said["number"]["number"], said["number"]["from"]) == (2, "13:30")


async def test_what_was_asked_one_after_the_other_without_a_network(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    wishes = [("queue_number", "09:00"), ("queue_cancel", "09:01"), ("queue_number", "09:02")]
    for _ in range(3):  # ids are random: so is the order in which they are found
        asked = [
            request(paper, Code(), kind, device_time=f"2026-11-23T{at}:00.000Z", **wanted())
            for kind, at in wishes
        ]
        assert await phone.push(asked) == {}
        await point.work()
        said = await told(point, phone, paper)
        assert (said["answer"]["code"], said["number"]["state"]) == ("given", "waiting")
        await ask(point, phone, paper, "queue_cancel")
        point.clock.forward(seconds=1)


async def test_why_not_and_what_is_free_instead(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    holiday = await ask(point, phone, paper, **wanted("2026-11-24"))
    nearest = {"day": "2026-11-23", "part": "morning", "from": "08:00", "to": "08:30"}
    assert holiday["answer"] | {"code": "closed", "next": nearest} == holiday["answer"]
    assert holiday["number"] is None
    for day, code in (("2026-11-22", "past"), ("2026-12-01", "too_far")):
        assert (await ask(point, phone, paper, **wanted(day)))["answer"]["code"] == code
    point.clock.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # 17:00
    over = (await ask(point, phone, paper, **wanted()))["answer"]
    assert (over["code"], over["next"]["day"]) == ("past", "2026-11-25")


async def test_the_day_ends_at_midnight_in_vietnam(point: Point) -> None:
    phone = await point.vault()
    point.clock.now = datetime(2026, 11, 22, 17, 1, tzinfo=UTC)  # 0:01 on Monday
    said = await ask(point, phone, await point.begun(phone), **wanted())
    assert said["number"]["from"] == "07:30"
    point.clock.now = datetime(2026, 11, 23, 16, 59, tzinfo=UTC)
    assert len((await desk(point).today(CLERK, "bn-08"))["numbers"]) == 1
    point.clock.forward(minutes=1)
    assert (await desk(point).today(CLERK, "bn-08"))["numbers"] == []


async def test_phones_take_their_places_and_walkers_the_rest(point: Point) -> None:
    begins = []
    for _ in range(3):
        phone = await point.vault()
        begins.append((await ask(point, phone, await point.begun(phone), **wanted()))["number"])
    assert [number["from"] for number in begins] == ["08:00", "08:00", "08:30"]
    assert (await desk(point).take(CLERK, "bn-08"))["from"] == "08:00"
    assert (await desk(point).take(CLERK, "bn-08"))["from"] == "08:30"


async def test_one_phone_does_not_take_everything(point: Point) -> None:
    phone = await point.vault()
    codes = [
        (await ask(point, phone, await point.begun(phone), **wanted()))["answer"]["code"]
        for _ in range(4)
    ]
    assert codes == ["given", "given", "given", "too_many"]
    other = await point.vault()
    given = await ask(point, other, await point.begun(other), **wanted())
    assert given["answer"]["code"] == "given"


@pytest.mark.parametrize(
    "said", [wanted(point="bn-99"), wanted(day="2026-02-30"), wanted(part="night"), {"point": []}]
)
async def test_a_request_that_says_nothing_useful(point: Point, said: dict[str, Any]) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    asked = request(paper, Code(), "queue_number", **said)
    assert await phone.push([asked]) == {}
    await point.work()
    status = await point.status(phone, paper)
    assert status.clear["refused"] == {asked["_id"]: "bad_request"}


async def test_called_missed_called_once_more_and_over(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    await ask(point, phone, paper, **wanted())
    counter = desk(point)
    called = await counter.call_next(CLERK, "bn-08", "2")
    assert (called["number"], called["counter"], called["state"]) == (1, "2", "called")
    screen = await counter.screen("bn-08")
    assert [(row["number"], row["counter"]) for row in screen["called"]] == [(1, "2")]
    assert screen.keys() == {"day", "called", "waiting"}
    await point.work()
    assert (await told(point, phone, paper))["number"]["state"] == "called"
    assert (await counter.recall(CLERK, called["id"]))["state"] == "called"

    missed = await counter.missed(CLERK, called["id"])
    assert (missed["state"], missed["turn"]) == ("waiting", "08:30")
    with pytest.raises(Conflict, match="nobody_waiting"):
        await counter.call_next(CLERK, "bn-08", "2")
    point.clock.forward(minutes=30)
    assert (await counter.call_next(CLERK, "bn-08", "1"))["number"] == 1
    assert (await counter.missed(CLERK, called["id"]))["state"] == "missed"
    with pytest.raises(Conflict, match="not_called"):
        await counter.served(CLERK, called["id"])
    await point.work()
    assert (await told(point, phone, paper))["number"]["state"] == "missed"


async def test_whoever_comes_later_is_not_called_hours_before(point: Point) -> None:
    phone = await point.vault()
    await ask(point, phone, await point.begun(phone), **wanted(part="afternoon"))
    with pytest.raises(Conflict, match="nobody_waiting"):
        await desk(point).call_next(CLERK, "bn-08", "1")
    walker = await desk(point).take(CLERK, "bn-08")
    assert (await desk(point).call_next(CLERK, "bn-08", "1"))["number"] == walker["number"] == 2
    assert (await desk(point).served(OFFICER, walker["id"]))["state"] == "served"


async def test_who_may_run_a_queue(point: Point) -> None:
    counter = desk(point)
    with pytest.raises(Forbidden):
        await counter.take(CLERK, "bn-01")
    with pytest.raises(Forbidden):
        await counter.today(Actor("applicant", "c" * 32), "bn-08")
    with pytest.raises(NotFound):
        await counter.screen("bn-99")
    assert (await counter.take(OFFICER, "bn-01"))["number"] == 1
    point.clock.now += timedelta(hours=12)
    with pytest.raises(Conflict, match="queue_past"):
        await counter.take(OFFICER, "bn-01")


async def test_an_erased_dossier_leaves_its_number(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    await ask(point, phone, paper, **wanted())
    assert await phone.push([request(paper, Code(), "erase")]) == {}
    await point.work()
    assert (await desk(point).today(CLERK, "bn-08"))["numbers"] == []
