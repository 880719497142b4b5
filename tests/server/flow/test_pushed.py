"""A decision that is pushed and one that is asked for: whichever is first counts."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from server.auth.access import Actor
from server.errors import Conflict, NotFound
from server.flow.pushed import Pushed
from server.ports import Decided, DecisionNotice, SignedRequest
from server.record import erasure
from server.sandbox.paper import Paper, Picture
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)
Outcome = Literal["approved", "returned", "rejected"]


class Nobody:
    """These tests begin behind the signature."""

    def notice(self, request: SignedRequest, now: object) -> DecisionNotice:
        raise AssertionError("not asked")


def pushed(world: World) -> Pushed:
    return Pushed(world.record, world.vaulted, Nobody(), world.clock, world.worker.wake)


def decided(world: World, outcome: Outcome = "rejected", **more: Any) -> Decided:
    return Decided(outcome, world.clock(), "violation_open", "Còn vi phạm.", "luat", **more)


def told(
    world: World, paper: Paper, outcome: Outcome | None = "rejected", n: int = 1
) -> DecisionNotice:
    known = decided(world, outcome) if outcome else None
    return DecisionNotice(f"{paper.dossier}:approval:{n}", known, "nonce")


async def at_authority(world: World) -> Paper:
    world.approval = "authority"
    paper = world.paper()
    await world.send(paper)
    await world.work()
    assert await world.state(paper) == "forwarded"
    return paper


async def refused(world: World, notice: DecisionNotice) -> tuple[str, float | None]:
    with pytest.raises(Conflict) as conflict:
        await pushed(world).take(notice)
    return conflict.value.code, conflict.value.after


async def test_a_push_moves_the_dossier_and_the_question_changes_nothing(world: World) -> None:
    paper = await at_authority(world)
    assert await pushed(world).take(told(world, paper)) == "taken"
    assert await world.state(paper) == "rejected"
    key = f"{paper.dossier}:approval:1"
    world.authority.decisions[key] = decided(world, "approved")
    world.clock.move(hours=7)
    await world.work()
    assert await world.state(paper) == "rejected"
    [line] = [one for one in await world.journal(paper) if one.detail.get("to") == "rejected"]
    assert (line.detail["told"], line.actor) == ("pushed", "decider:authority")
    assert (await world.status(paper))["sealed"]["decision"]["text"] == "Còn vi phạm."


async def test_the_answer_to_a_question_comes_first_and_the_push_is_known(world: World) -> None:
    paper = await at_authority(world)
    world.authority.decisions[f"{paper.dossier}:approval:1"] = decided(world)
    world.clock.move(minutes=1)
    await world.work()
    assert await world.state(paper) == "rejected"
    version = (await world.dossier(paper)).version
    for _ in range(3):
        assert await pushed(world).take(told(world, paper)) == "known"
    assert (await world.dossier(paper)).version == version


async def test_pushed_and_polled_at_the_same_moment_is_decided_once(world: World) -> None:
    """The question is on its way when the push comes in."""
    paper = await at_authority(world)
    answer = decided(world)
    way_in = pushed(world)

    class Crossing:
        async def decision(self, key: str) -> Decided:
            assert await way_in.take(told(world, paper)) == "taken"
            return answer

    ask, world.authority.decision = world.authority.decision, Crossing().decision  # type: ignore[method-assign]
    world.clock.move(minutes=1)
    await world.work()
    world.authority.decision = ask  # type: ignore[method-assign]
    world.clock.move(minutes=1)
    await world.work()
    assert len([one for one in await world.journal(paper) if "decision" in one.detail]) == 1
    assert not await world.journal(paper, "job_parked")


async def test_a_note_that_it_works_on_it_changes_nothing(world: World) -> None:
    paper = await at_authority(world)
    assert await pushed(world).take(told(world, paper, None)) == "noted"
    assert await world.state(paper) == "forwarded"
    await pushed(world).take(told(world, paper, "approved"))
    assert await pushed(world).take(told(world, paper, None)) == "noted"
    await world.work()
    assert await world.state(paper) == "dispatched"


async def test_a_second_and_different_decision_is_for_a_person(world: World) -> None:
    paper = await at_authority(world)
    await pushed(world).take(told(world, paper, "approved"))
    assert await refused(world, told(world, paper)) == ("decided_otherwise", None)
    [line] = await world.journal(paper, "push_refused")
    assert line.detail["why"] == "decided_otherwise"


async def test_before_the_hand_over_is_noted_it_is_told_again_later(world: World) -> None:
    """The reply to the hand-over was lost; the authority has decided meanwhile."""
    world.approval = "authority"
    world.authority.lose_replies = 1
    paper = world.paper()
    await world.send(paper)
    await world.work()
    assert await world.state(paper) == "validated"
    assert await refused(world, told(world, paper)) == ("not_yet", 60)
    world.clock.move(minutes=1)
    await world.work()
    assert await pushed(world).take(told(world, paper)) == "taken"
    assert not await world.journal(paper, "push_refused")


async def test_a_parked_dossier_is_told_again_when_it_may_have_been_resumed(world: World) -> None:
    paper = await at_authority(world)
    await world.desk.act(OFFICER, paper.dossier, "park")
    assert await refused(world, told(world, paper)) == ("not_yet", 3600)
    await world.desk.act(OFFICER, paper.dossier, "resume")
    assert await pushed(world).take(told(world, paper)) == "taken"


async def test_a_decision_on_what_was_corrected_since_is_the_old_one(world: World) -> None:
    paper = await at_authority(world)
    await pushed(world).take(told(world, paper, "returned"))
    better = world.corrected(paper, [Picture("licence_front", b"\xff\xd8sharp", 1600, 1000)])
    await world.send(better)
    await world.work()
    assert (await world.dossier(paper)).n == 2
    assert await pushed(world).take(told(world, paper, "returned")) == "known"
    assert await refused(world, told(world, paper, "approved")) == ("decided_otherwise", None)
    assert await world.state(paper) == "forwarded"
    assert await pushed(world).take(told(world, paper, "approved", n=2)) == "taken"


@pytest.mark.parametrize("key", ["", "x", "{}:approval:2", "{}:approval:0", "{}:approval:٣", "{}"])
async def test_what_was_never_handed_over_is_unknown_for_good(world: World, key: str) -> None:
    paper = await at_authority(world)
    with pytest.raises(NotFound):
        notice = DecisionNotice(key.format(paper.dossier), decided(world), "nonce")
        await pushed(world).take(notice)


async def test_nothing_is_told_of_the_desk_s_or_an_erased_dossier(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    assert (await world.dossier(paper)).approval == "desk"
    with pytest.raises(NotFound):
        await pushed(world).take(told(world, paper))
    other = await at_authority(world)
    now = world.clock()
    await world.record.run(lambda conn: erasure.begin(conn, other.dossier, "cli:test", now))
    await world.work()
    with pytest.raises(NotFound):
        await pushed(world).take(told(world, other))
