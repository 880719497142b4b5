"""A card fetched at a point: chosen before the post has it, or when it was not delivered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert

from server.auth.access import Actor
from server.errors import Conflict, Forbidden, InvalidInput, NotFound
from server.flow import pick_up
from server.ports import TrackingEvent
from server.record import journal, people, statuses
from server.record.people import Account
from server.record.people_tables import owners
from server.record.store import Connection
from server.sandbox.paper import Paper
from tests.server.flow.world import World
from tests.server.handed import Code, request

pytestmark = pytest.mark.anyio
CLERK = Actor("clerk", "c" * 32, "bn-08")
OFFICER = Actor("officer", "o" * 32)


async def ask(world: World, paper: Paper, point: str = "bn-08") -> dict[str, Any]:
    await world.write([request(paper, Code(), "pick_up", point=point)])
    await world.work()
    told: dict[str, Any] = (await world.status(paper))["sealed"]["pick_up"]["answer"]
    return told


async def approved(world: World, paper: Paper) -> None:
    view = await world.desk.show(OFFICER, paper.dossier)
    await world.desk.decide(OFFICER, paper.dossier, outcome="approve", version=view["version"])
    world.clock.move(seconds=30)
    await world.work()


async def forwarded(world: World) -> Paper:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    return paper


async def test_chosen_before_the_post_has_it(world: World) -> None:
    paper = await forwarded(world)
    assert (await ask(world, paper))["code"] == "kept"
    await approved(world, paper)
    assert await world.state(paper) == "produced"
    assert world.post.booked == {}
    told = (await world.status(paper))["sealed"]["consignment"]
    assert told == {"number": None, "state": "pick_up", "point": "bn-08"}
    await world.desk.act(OFFICER, paper.dossier, "collect")
    await world.work()
    status = await world.status(paper)
    assert (status["code"], status["sealed"]["consignment"]["state"]) == (
        "delivered",
        "handed_over",
    )
    assert (await ask(world, paper))["code"] == "too_late"


async def test_chosen_when_nobody_was_at_home(world: World) -> None:
    paper = await forwarded(world)
    await approved(world, paper)
    assert (await ask(world, paper))["code"] == "on_its_way"
    world.post.events = [TrackingEvent(world.clock(), "failed")]
    world.clock.move(hours=1)
    await world.work()
    assert await world.state(paper) == "parked"
    assert (await ask(world, paper, "bn-02"))["code"] == "kept"
    assert await world.state(paper) == "produced"
    world.clock.move(days=1)
    await world.work()  # it is neither booked again nor tracked
    assert len(world.post.booked) == 1
    told = (await world.status(paper))["sealed"]
    assert told["consignment"]["point"] == "bn-02"
    assert (await ask(world, paper, "bn-08"))["code"] == "kept"  # another point is as good
    await world.desk.act(OFFICER, paper.dossier, "collect")
    assert await world.state(paper) == "delivered"


async def test_an_officer_sets_it_for_what_came_back(world: World) -> None:
    paper = await forwarded(world)
    with pytest.raises(InvalidInput):
        await world.desk.keep_at(OFFICER, paper.dossier, "bn-99")
    await approved(world, paper)
    with pytest.raises(Conflict, match="not_possible"):
        await world.desk.keep_at(OFFICER, paper.dossier, "bn-08")
    world.post.events = [TrackingEvent(world.clock(), "returned")]
    world.clock.move(hours=1)
    await world.work()
    await world.desk.keep_at(OFFICER, paper.dossier, "bn-08")
    assert await world.state(paper) == "produced"


async def test_a_clerk_of_the_point_hands_it_over(world: World) -> None:
    paper = await forwarded(world)
    await ask(world, paper)
    assert await world.hand_out.waiting(CLERK) == []  # nothing is printed yet
    await approved(world, paper)
    [card] = await world.hand_out.waiting(CLERK)
    assert (card["dossier"], card["name"]) == (paper.dossier, "Nguyễn Thị Hoa")
    elsewhere = replace(CLERK, point="bn-09")
    assert await world.hand_out.waiting(elsewhere) == []
    with pytest.raises(NotFound):
        await world.hand_out.given(elsewhere, paper.dossier)
    await world.hand_out.given(CLERK, paper.dossier)
    await world.hand_out.given(CLERK, paper.dossier)  # the first answer was lost
    await world.work()
    status = await world.status(paper)
    assert (status["code"], status["sealed"]["consignment"]["state"]) == (
        "delivered",
        "handed_over",
    )
    lines = await world.record.read(lambda conn: journal.entries(conn, paper.dossier))
    assert [line.actor for line in lines if line.action == "collect"] == [str(CLERK)]
    assert await world.hand_out.waiting(CLERK) == []


async def test_nobody_hands_over_their_own_card(world: World) -> None:
    paper = await forwarded(world)
    await ask(world, paper)
    await approved(world, paper)
    account, now = Account("f" * 32, "applicant", "Thử", None), world.clock()

    def own(conn: Connection) -> None:
        people.create_account(conn, account=account, now=now)
        conn.execute(insert(owners).values(owner=world.owner, created_at=now))
        assert people.adopt(conn, world.owner, account.id)

    await world.record.run(own)
    with pytest.raises(Forbidden, match="own_dossier"):
        await world.hand_out.given(replace(CLERK, also=frozenset({"f" * 32})), paper.dossier)
    assert await world.state(paper) == "produced"


async def test_the_post_was_quicker(world: World) -> None:
    paper = await forwarded(world)
    assert (await ask(world, paper))["code"] == "kept"
    now = world.clock()

    def overtake(conn: Connection) -> None:
        pick_up.overtaken(conn, now, paper.dossier)
        statuses.announce(conn, now, paper.dossier)

    await world.record.run(overtake)
    await world.work()
    told = (await world.status(paper))["sealed"]["pick_up"]["answer"]
    assert told["code"] == "on_its_way"
