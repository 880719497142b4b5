"""Whatever waits for an outside system is on one list: what, since when, next try."""

from __future__ import annotations

from typing import Any

import pytest

from server.auth.access import Actor
from server.errors import InvalidInput
from server.sandbox.paper import Paper
from tests.server.flow.world import Portal, World

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)


async def awaiting(world: World) -> list[tuple[str, list[str]]]:
    """(dossier, what is awaited) as the desk lists it; the count beside says the same."""
    found = await world.desk.queue(OFFICER, state="awaiting")
    assert found["awaiting"] == len(found["items"])
    return [(one["dossier"], [w["what"] for w in one["waits"]]) for one in found["items"]]


async def waits(world: World, paper: Paper) -> list[dict[str, Any]]:
    shown = await world.desk.show(OFFICER, paper.dossier)
    return list(shown["waits"])


async def approved(world: World) -> Paper:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    version = (await world.dossier(paper)).version
    await world.desk.decide(OFFICER, paper.dossier, outcome="approve", version=version)
    world.clock.move(seconds=30)
    await world.work()
    return paper


async def test_nothing_waits_where_everything_answers(world: World) -> None:
    await approved(world)
    assert await awaiting(world) == []


async def test_the_post_the_authority_and_the_portal(world: World) -> None:
    world.portal = Portal()
    world.portal.script.down = world.post.script.down = world.authority.script.down = True
    world.fresh_worker()
    made = await approved(world)
    world.approval = "authority"
    sent = world.paper()
    await world.send(sent)
    await world.work()
    assert sorted(await awaiting(world)) == sorted(
        [(made.dossier, ["portal", "post"]), (sent.dossier, ["authority", "portal"])]
    )
    began = {one["what"]: one["since"] for one in await waits(world, made)}
    world.clock.move(hours=3)
    await world.work()
    [portal, post] = await waits(world, made)
    assert {"portal": portal["since"], "post": post["since"]} == began
    assert "connection refused" in post["reason"] and post["tries"] >= 2
    assert post["next_try"] > began["post"]
    world.portal.script.down = world.post.script.down = world.authority.script.down = False
    for paper in (made, sent):
        await world.desk.act(OFFICER, paper.dossier, "try_now")
    await world.work()
    assert await world.state(made) == "dispatched"
    assert [what for _, what in await awaiting(world)] == [["authority"]]  # its decision


async def test_a_payment_gateway_that_is_away(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    world.gateway.script.down = True
    await world.pay.begin(paper.dossier, [Actor("system", "test")], "127.0.0.1")
    world.clock.move(minutes=5)
    await world.work()
    assert await awaiting(world) == [(paper.dossier, ["gateway"])]


async def test_no_other_state_is_invented(world: World) -> None:
    with pytest.raises(InvalidInput):
        await world.desk.queue(OFFICER, state="waits")
