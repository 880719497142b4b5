from __future__ import annotations

from typing import Any

import pytest

from server.auth.access import Actor
from server.errors import Refused
from server.ports import CorrectionItem, Decided
from server.record import forwardings, journal
from server.record.forwardings import ForwardingRow
from tests.server.flow.world import World, down, throttled

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)


async def sent(world: World, **answers: Any) -> Any:
    world.approval = "authority"
    paper = world.paper(**answers)
    await world.send(paper)
    return paper


async def row(world: World, paper: Any) -> ForwardingRow:
    key = f"{paper.dossier}:approval:1"
    found = await world.record.read(lambda conn: forwardings.find(conn, key))
    assert found is not None
    return found


async def test_the_whole_dossier_is_handed_over(world: World) -> None:
    paper = await sent(world)
    await world.work()
    assert await world.state(paper) == "forwarded"
    (forwarding,) = world.authority.taken.values()
    assert forwarding.key == f"{paper.dossier}:approval:1"
    assert forwarding.answers == paper.answers
    assert {photo.sha256 for photo in forwarding.photos} == {p["sha256"] for p in paper.photos}
    assert (await row(world, paper)).state == "accepted"


async def test_nothing_is_opened_for_a_decider_that_is_left_alone(world: World) -> None:
    world.authority.resting = True
    paper = await sent(world)
    await world.work()
    assert (await row(world, paper)).reason == "resting after failures"
    assert world.authority.calls == 0
    opened = await world.record.read(lambda conn: journal.entries(conn, paper.dossier))
    assert "forwarding" not in [line.detail.get("purpose") for line in opened]
    world.authority.resting = False
    world.clock.move(hours=1)
    await world.work()
    assert await world.state(paper) == "forwarded"


async def test_a_day_of_outage(world: World) -> None:
    world.authority.script.down = True
    paper = await sent(world)
    for _ in range(24):
        await world.work()
        assert await world.state(paper) == "validated"
        standing = await row(world, paper)
        assert standing.state == "retrying"
        assert standing.retry_at is not None
        assert standing.retry_at > world.clock()
        world.clock.move(hours=1)
    status = await world.status(paper)
    assert status["group"] == "accepted"
    assert status["sealed"]["wait"]["what"] == "authority"
    assert (await world.job_counts())["parked"] == 0
    world.authority.script.down = False
    await world.work()
    assert await world.state(paper) == "forwarded"
    assert (await world.status(paper))["sealed"]["wait"]["what"] == "authority"  # the decision
    assert len(world.authority.taken) == 1


async def test_a_reply_lost_after_it_was_done_counts_as_done(world: World) -> None:
    world.authority.lose_replies = 1
    paper = await sent(world)
    await world.work()
    assert await world.state(paper) == "validated"
    world.clock.move(minutes=1)
    await world.work()
    assert await world.state(paper) == "forwarded"
    assert len(world.authority.taken) == 1
    (line,) = [e for e in await world.journal(paper, "state") if e.detail["to"] == "forwarded"]
    assert line.detail["repeated"] is True


async def test_throttling_is_obeyed(world: World) -> None:
    world.authority.script.failures.append(throttled(600))
    paper = await sent(world)
    await world.work()
    world.clock.move(minutes=9)
    await world.work()
    assert world.authority.calls == 1
    world.clock.move(minutes=2)
    await world.work()
    assert await world.state(paper) == "forwarded"


async def test_a_refusal_goes_to_a_person_with_its_reason(world: World) -> None:
    world.authority.refuse = Refused("authority", "unit", "Đơn vị không đúng")
    paper = await sent(world)
    await world.work()
    assert await world.state(paper) == "parked"
    assert (await row(world, paper)).reason == "Đơn vị không đúng"
    view = await world.desk.show(OFFICER, paper.dossier)
    assert view["forwarding"]["state"] == "refused"
    assert view["outcomes"] == ["return"]
    await world.desk.decide(
        OFFICER,
        paper.dossier,
        outcome="return",
        version=view["version"],
        items=[CorrectionItem("licence_number", "other", "Xin xem lại số")],
    )
    world.clock.move(seconds=31)
    await world.work()
    assert await world.state(paper) == "returned"


async def test_weeks_of_outage_end_with_a_person_who_can_try_again(world: World) -> None:
    world.authority.script.down = True
    paper = await sent(world)
    for _ in range(16):
        await world.work()
        world.clock.move(days=1)
    assert await world.state(paper) == "parked"
    assert (await row(world, paper)).state == "parked"
    world.authority.script.down = False
    await world.desk.act(OFFICER, paper.dossier, "resume")
    await world.work()
    assert await world.state(paper) == "forwarded"


async def test_try_now_does_not_wait_for_the_back_off(world: World) -> None:
    world.authority.script.failures.append(down())
    paper = await sent(world)
    await world.work()
    assert await world.state(paper) == "validated"
    await world.desk.act(OFFICER, paper.dossier, "try_now")
    await world.work()
    assert await world.state(paper) == "forwarded"


async def test_what_has_errors_is_not_handed_over(world: World) -> None:
    paper = await sent(world, licence_expiry="2019-01-01")
    await world.work()
    assert await world.state(paper) == "parked"
    assert world.authority.calls == 0


async def test_an_identity_that_the_rule_of_the_day_does_not_accept_goes_to_a_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.flow.forward.may_forward", lambda *asked: asked[1] != "none")
    paper = await sent(world)
    await world.work()
    assert await world.state(paper) == "parked"
    assert world.authority.calls == 0


async def test_the_decision_is_asked_for_until_it_is_there(world: World) -> None:
    paper = await sent(world)
    await world.work()
    key = f"{paper.dossier}:approval:1"
    world.authority.script.failures.extend([down(), throttled(1200)])
    world.clock.move(hours=1)
    await world.work()
    world.clock.move(minutes=1)
    await world.work()
    assert await world.state(paper) == "forwarded"
    item = CorrectionItem("photo:licence_front", "blurred", "Ảnh mờ")
    world.authority.decisions[key] = Decided("returned", world.clock(), items=[item])
    world.clock.move(minutes=30)
    await world.work()
    status = await world.status(paper)
    assert status["code"] == "returned"
    told = status["sealed"]["correction"]
    assert (told["n"], told["items"][0]["target"]) == (2, "photo:licence_front")


async def test_the_desk_cannot_decide_what_the_authority_has(world: World) -> None:
    paper = await sent(world)
    await world.work()
    view = await world.desk.show(OFFICER, paper.dossier)
    assert (view["may_decide"], view["why_not"]) == (False, "at_authority")
