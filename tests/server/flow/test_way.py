"""The whole way of one dossier, stage after stage, with the real record, engine and keys."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.auth.access import Actor
from server.ports import TrackingEvent
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)


async def test_from_the_phone_to_the_door(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    assert await world.state(paper) == "forwarded"

    view = await world.desk.show(OFFICER, paper.dossier)
    assert view["may_decide"] and view["outcomes"] == ["approve", "return", "reject"]
    until = await world.desk.decide(
        OFFICER, paper.dossier, outcome="approve", version=view["version"]
    )
    assert until == world.clock() + timedelta(seconds=30)
    await world.work()
    assert await world.state(paper) == "forwarded"
    world.clock.move(seconds=30)
    await world.work()
    assert await world.state(paper) == "dispatched"
    assert [order.recipient for order in world.post.booked.values()] == ["Nguyễn Thị Hoa"]

    world.post.events = [TrackingEvent(world.clock(), "delivered")]
    world.clock.move(hours=1)
    await world.work()
    status = await world.status(paper)
    assert (status["group"], status["code"]) == ("closed", "delivered")
    assert status["receipts"] == paper.receipts()
    told = status["sealed"]
    assert told["decision"]["outcome"] == "approved"
    assert told["consignment"] == {"number": "EE123456785VN", "state": "delivered", "point": None}
    assert [step["state"] for step in told["timeline"]] == [
        "received",
        "validated",
        "forwarded",
        "approved",
        "produced",
        "dispatched",
        "delivered",
    ]
    assert told["dossier_code"].startswith("MAU.")
    assert told["promised_on"] == "2026-12-01"  # five working days; the 24th is Culture Day
    assert (await world.job_counts())["parked"] == 0
