"""A promise that will not be kept is put right before its day is over, once, and counted late."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from server import report
from server.auth.access import Actor
from server.flow.papers import Papers
from server.ports import Accepted, CorrectionItem, Forwarding
from server.record import apologies
from server.sandbox.paper import Paper
from tests.server.flow.world import World
from tests.server.papers.samples import text

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)
# Filed on Monday 23 November 2026; the 24th is a day off, so the promise is Tuesday 1 December.
PROMISED, AGAIN = "2026-12-01", "2026-12-04"
EVE = datetime(2026, 11, 30, 8, 1, tzinfo=UTC)  # Monday, 15:01 in Vietnam


async def filed(world: World, **answers: Any) -> Paper:
    paper = world.paper(**answers)
    await world.send(paper)
    await world.work()
    assert (await world.dossier(paper)).due_on == PROMISED
    return paper


async def at(world: World, when: datetime) -> None:
    world.clock.now = when
    await world.work()
    await world.work()  # what was announced by the last look is published now


async def test_the_working_day_before_it_is_said_once_and_published(world: World) -> None:
    paper = await filed(world)
    await at(world, EVE.replace(hour=7))
    assert (await world.dossier(paper)).due_on == PROMISED
    await at(world, EVE)
    await at(world, EVE.replace(hour=10))
    row = await world.dossier(paper)
    assert (row.due_on, row.first_due_on) == (AGAIN, PROMISED)
    (line,) = await world.journal(paper, apologies.ACTION)
    assert line.detail == {
        "promised_on": PROMISED,
        "new_promised_on": AGAIN,
        "reason": "examined",
    }
    told = (await world.status(paper))["sealed"]
    assert told["promised_on"] == AGAIN
    assert told["apology"] == {"promised_on": PROMISED, "reason": "examined"}


async def test_a_second_promise_that_fails_is_put_right_too(world: World) -> None:
    paper = await filed(world)
    await at(world, EVE)
    await at(world, datetime(2026, 12, 3, 8, 1, tzinfo=UTC))
    row = await world.dossier(paper)
    assert (row.due_on, row.first_due_on) == ("2026-12-09", PROMISED)
    assert len(await world.journal(paper, apologies.ACTION)) == 2


async def test_after_the_day_it_is_still_said(world: World) -> None:
    paper = await filed(world)
    await at(world, datetime(2026, 12, 10, 3, 0, tzinfo=UTC))
    assert (await world.dossier(paper)).due_on == "2026-12-15"


async def test_nothing_is_said_of_what_is_decided_returned_or_withdrawn(world: World) -> None:
    pending, returned, rejected = [await filed(world) for _ in range(3)]
    item = CorrectionItem("photo:portrait", "blurred")
    await decide(world, returned, "return", items=[item])
    await decide(world, rejected, "reject", reason="violation_open", law="c108_2026")
    world.clock.now = EVE.replace(hour=7, minute=59, second=50)
    await world.work()
    await decide(world, pending, "approve")  # can still be undone at three o'clock
    world.clock.now = EVE.replace(minute=0, second=5)
    await world.work()
    await at(world, datetime(2026, 12, 20, 3, 0, tzinfo=UTC))
    for paper in (pending, returned, rejected):
        assert await world.journal(paper, apologies.ACTION) == []


async def decide(world: World, paper: Paper, outcome: str, **said: Any) -> None:
    version = (await world.dossier(paper)).version
    await world.desk.decide(OFFICER, paper.dossier, outcome=outcome, version=version, **said)
    if outcome != "approve":
        world.clock.move(seconds=31)
        await world.work()


async def test_a_corrected_dossier_begins_anew(world: World) -> None:
    paper = await filed(world)
    await at(world, EVE)
    item = CorrectionItem("photo:portrait", "blurred")
    await decide(world, paper, "return", items=[item])
    await world.send(world.corrected(paper, phone="+84912345679"))
    await world.work()
    row = await world.dossier(paper)
    assert (row.due_on, row.first_due_on) == ("2026-12-07", None)
    assert (await world.status(paper))["sealed"]["apology"] is None


async def test_the_day_that_the_authority_promises_stands(world: World) -> None:
    world.approval = "authority"
    world.authority.script.down = True
    paper = await filed(world)
    await at(world, EVE)
    (line,) = await world.journal(paper, apologies.ACTION)
    assert line.detail["reason"] == "authority"

    async def promise(forwarding: Forwarding) -> Accepted:
        return Accepted("A-1", date(2026, 12, 24))

    world.authority.submit = promise  # type: ignore[method-assign]
    world.clock.move(hours=1)
    await world.work()
    row = await world.dossier(paper)
    assert (row.due_on, row.first_due_on) == ("2026-12-24", PROMISED)


async def test_lateness_counts_by_the_first_promise(world: World) -> None:
    paper = await filed(world)
    await at(world, EVE)
    await at(world, datetime(2026, 12, 2, 3, 0, tzinfo=UTC))  # before the new day, after the first
    found = await world.record.read(lambda conn: report.count(conn, "2026-11", world.clock()))
    assert (found.overdue, found.overdue_open) == (1, 1)
    assert (await world.dossier(paper)).due_on == AGAIN


async def test_the_apology_is_a_paper_and_the_receipt_keeps_the_first_day(world: World) -> None:
    papers = Papers(world.record, world.vaulted, "https://doibang.invalid")
    paper = await filed(world)
    kinds = [row["kind"] for row in await papers.listed(OFFICER, paper.dossier)]
    assert kinds == ["form", "receipt", "slip"]
    await at(world, EVE)
    kinds = [row["kind"] for row in await papers.listed(OFFICER, paper.dossier)]
    assert kinds == ["form", "receipt", "apology", "slip"]
    name, data = await papers.made(OFFICER, paper.dossier, "apology")
    assert name.startswith("phieu-xin-loi-") and name.isascii()

    shown = " ".join(text(data).split())
    assert "ngày 01 tháng 12 năm 2026" in shown and "ngày 04 tháng 12 năm 2026" in shown
    _, receipt = await papers.made(OFFICER, paper.dossier, "receipt")
    assert "hồ sơ: ngày 01 tháng 12 năm 2026" in " ".join(text(receipt).split())
