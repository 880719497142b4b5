"""Who waits at an outside decider is asked about in one question."""

from __future__ import annotations

import pytest

from server.ports import Decided
from server.record import jobs
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio


async def test_a_decision_is_seen_by_the_next_question_for_all(world: World) -> None:
    world.approval = "authority"
    papers = [world.paper() for _ in range(3)]
    for paper in papers:
        await world.send(paper)
    await world.work()
    for _ in range(12):  # by then each is asked about for itself only every few hours
        await world.work()
        world.clock.move(hours=1)
    await world.work()
    decided = papers[1]
    key = f"{decided.dossier}:approval:1"
    world.authority.decisions[key] = Decided("rejected", world.clock(), "why", "", "law")
    world.clock.move(minutes=10)
    await world.work()
    states = [await world.state(paper) for paper in papers]
    assert states == ["forwarded", "rejected", "forwarded"]
    assert len(set(world.authority.asked_since)) == 1


async def test_the_questions_end_when_nobody_waits(world: World) -> None:
    world.approval = "authority"
    paper = world.paper()
    await world.send(paper)
    await world.work()
    key = f"{paper.dossier}:approval:1"
    world.authority.decisions[key] = Decided("rejected", world.clock(), "why", "", "law")
    for _ in range(2):
        world.clock.move(minutes=10)
        await world.work()
    asked = len(world.authority.asked_since)
    world.clock.move(hours=1)
    await world.work()
    assert len(world.authority.asked_since) == asked


async def test_an_outage_only_delays_the_question(world: World) -> None:
    world.approval = "authority"
    paper = world.paper()
    await world.send(paper)
    await world.work()
    key = f"{paper.dossier}:approval:1"
    world.authority.decisions[key] = Decided("rejected", world.clock(), "why", "", "law")
    world.authority.script.down = True
    for _ in range(30):
        world.clock.move(hours=1)
        await world.work()
    assert await world.state(paper) == "forwarded"
    assert not await world.record.read(lambda conn: jobs.parked(conn, paper.dossier))
    world.authority.script.down = False
    world.clock.move(hours=1)
    await world.work()
    assert await world.state(paper) == "rejected"
