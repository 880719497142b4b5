"""A session of the test: wished by a sealed request, answered by an officer, told in the status."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from server.auth.access import Actor
from server.errors import Conflict, Forbidden, NotFound
from server.flow.retest import Retests
from server.sandbox.paper import Paper
from tests.server.handed import Code, Point, Vault, intake_point, request

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "b" * 32)
WISH = {"test": "theory", "class": "B2", "week": "2026-11-30", "slip": "K7M2P9QX"}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def point(tmp_path: Path) -> AsyncIterator[Point]:
    async with intake_point(tmp_path, "embedded") as point:
        yield point


async def ask(at: Point, vault: Vault, paper: Paper, **said: Any) -> dict[str, Any]:
    assert await vault.push([request(paper, Code(), "retest", **said)]) == {}
    return await told(at, vault, paper)


async def told(at: Point, vault: Vault, paper: Paper) -> dict[str, Any]:
    await at.work()
    sealed = (await at.status(vault, paper)).sealed
    assert sealed is not None
    said: dict[str, Any] = sealed["retest"]["answer"]
    return said


async def test_wished_confirmed_and_kept(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    wished = await ask(point, phone, paper, **WISH)
    assert wished == WISH | {"code": "asked", "request": wished["request"]}
    desk = Retests(point.parts.record, point.clock, point.parts.woken)
    (line,) = await desk.waiting(OFFICER)
    assert line["dossier"] == paper.dossier
    assert line | WISH == line
    with pytest.raises(Conflict, match="past"):
        await desk.confirm(OFFICER, paper.dossier, "2026-11-20", "08:00", "Sân sát hạch")
    await desk.confirm(OFFICER, paper.dossier, "2026-12-02", "08:00", "Sân sát hạch")
    confirmed = await told(point, phone, paper)
    assert (confirmed["code"], confirmed["day"]) == ("confirmed", "2026-12-02")
    assert (confirmed["time"], confirmed["place"]) == ("08:00", "Sân sát hạch")
    assert await desk.waiting(OFFICER) == []
    with pytest.raises(Conflict, match="answered"):
        await desk.decline(OFFICER, paper.dossier, "full")
    assert (await ask(point, phone, paper, **WISH))["code"] == "confirmed"
    point.clock.forward(days=20)
    assert (await ask(point, phone, paper, **WISH))["code"] == "asked"


async def test_declined_and_wished_for_another_week(point: Point) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    await ask(point, phone, paper, **WISH)
    desk = Retests(point.parts.record, point.clock, point.parts.woken)
    await desk.decline(OFFICER, paper.dossier, "Tuần đó không có kỳ sát hạch")
    declined = await told(point, phone, paper)
    assert (declined["code"], declined["reason"]) == ("declined", "Tuần đó không có kỳ sát hạch")
    later = await ask(point, phone, paper, **WISH | {"week": "2026-12-07"})
    assert (later["code"], later["week"]) == ("asked", "2026-12-07")
    assert "reason" not in later


async def test_only_an_officer_answers_and_only_what_was_asked(point: Point) -> None:
    desk = Retests(point.parts.record, point.clock, point.parts.woken)
    with pytest.raises(Forbidden):
        await desk.waiting(Actor("clerk", "a" * 32, "bn-08"))
    with pytest.raises(NotFound):
        await desk.decline(OFFICER, "c" * 32, "full")


@pytest.mark.parametrize(
    "wrong", [{"test": "driving"}, {"week": "2026-12-01"}, {"class": ""}, {"slip": "?"}]
)
async def test_a_wish_that_says_nothing_useful(point: Point, wrong: dict[str, Any]) -> None:
    phone = await point.vault()
    paper = await point.begun(phone)
    asked = request(paper, Code(), "retest", **WISH | wrong)
    assert await phone.push([asked]) == {}
    await point.work()
    assert (await point.status(phone, paper)).clear["refused"] == {asked["_id"]: "bad_request"}
