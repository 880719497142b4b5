"""The National Portal is told of every status, in order, and holds nothing up."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator

import pytest

from server.auth.access import Actor
from server.errors import Refused, Unavailable
from server.ports import CorrectionItem, TrackingEvent
from server.record import erasure, journal, portal_syncs
from server.record.portal_syncs import PortalSync
from server.sandbox.paper import Paper
from tests.server.flow.world import Portal, World

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)


@pytest.fixture
async def told(world: World) -> AsyncIterator[Portal]:
    world.portal = Portal()
    world.fresh_worker()
    yield world.portal


async def filed(world: World) -> Paper:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    return paper


async def row(world: World, paper: Paper) -> PortalSync:
    found = await world.record.read(lambda conn: portal_syncs.of_dossier(conn, paper.dossier))
    assert found is not None
    return found


async def decide(world: World, paper: Paper, outcome: str) -> None:
    version = (await world.dossier(paper)).version
    items = [CorrectionItem("phone", "unreachable")] if outcome == "return" else []
    await world.desk.decide(OFFICER, paper.dossier, outcome=outcome, version=version, items=items)
    world.clock.move(seconds=30)
    await world.work()


def codes(told: Portal) -> list[int]:
    return [status.status for status in told.statuses]


async def test_every_status_is_told_once_and_in_order(world: World, told: Portal) -> None:
    paper = await filed(world)
    assert codes(told) == [2, 4]
    await decide(world, paper, "approve")
    assert codes(told) == [2, 4, 9]
    [dossier] = told.dossiers
    assert (dossier.code, dossier.status) == ((await world.dossier(paper)).code, 2)
    assert (dossier.channel, dossier.point) == ("online", "")
    assert dossier.name == "Nguyễn Thị Hoa"
    assert [s.at for s in told.statuses] == sorted(s.at for s in told.statuses)
    assert (await row(world, paper)).since is None


async def test_a_correction_is_told_as_the_same_dossier_again(world: World, told: Portal) -> None:
    paper = await filed(world)
    await decide(world, paper, "return")
    await world.send(world.corrected(paper, phone="+84912345679"))
    await world.work()
    assert codes(told) == [2, 4, 5, 2, 4]
    assert [dossier.phone for dossier in told.dossiers] == ["+84912345678", "+84912345679"]


async def test_its_papers_go_along_and_those_replaced_are_dropped(
    world: World, told: Portal
) -> None:
    paper = await filed(world)
    before = {photo["id"] for photo in paper.photos}
    await decide(world, paper, "return")
    await world.send(world.corrected(paper, phone="+84912345679"))
    await world.work()
    first, second = told.dossiers
    assert {one.id for one in first.papers} == before
    assert all(hashlib.sha256(one.jpeg).hexdigest() == one.sha256 for one in first.papers)
    assert (set(first.dropped), len(second.papers)) == (set(), len(first.papers))
    assert set(second.dropped) == before - {one.id for one in second.papers}


async def test_a_paper_too_large_for_it_stays_here_and_is_journalled(
    world: World, told: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.flow.portal.portal_largest", lambda: 1)
    paper = await filed(world)
    assert [list(dossier.papers) for dossier in told.dossiers] == [[]]
    lines = await world.record.read(lambda conn: journal.entries(conn, paper.dossier))
    left = [line.detail["photo"] for line in lines if line.action == "portal_paper_left_out"]
    assert sorted(left) == sorted(photo["id"] for photo in paper.photos)
    assert codes(told) == [2, 4]


async def test_a_card_that_was_not_delivered_does_not_go_back_to_be_worked_on(
    world: World, told: Portal
) -> None:
    paper = await filed(world)
    await decide(world, paper, "approve")
    world.post.events = [TrackingEvent(world.clock(), "returned")]
    world.clock.move(hours=1)
    await world.work()
    assert await world.state(paper) == "parked"
    assert codes(told) == [2, 4, 9]


async def test_a_portal_that_is_down_for_days_holds_nothing_up(world: World, told: Portal) -> None:
    told.script.down = True
    paper = await filed(world)
    assert await world.state(paper) == "forwarded"
    await decide(world, paper, "approve")
    assert await world.state(paper) == "dispatched"
    for _ in range(3):
        world.clock.move(days=1)
        await world.work()
    waits = await row(world, paper)
    assert (waits.reason, waits.since is not None) == ("connection refused", True)
    assert waits.retry_at is not None and waits.retry_at > world.clock()
    told.script.down = False
    await world.desk.act(OFFICER, paper.dossier, "try_now")
    await world.work()
    assert codes(told) == [2, 4, 9]
    assert (await row(world, paper)).since is None


async def test_cut_off_in_the_middle_it_goes_on_behind_what_was_told(
    world: World, told: Portal
) -> None:
    """The token expires, or the line drops, after each call in turn."""
    told.script.failures.extend([None, Unavailable("portal", "credentials")])
    paper = await filed(world)
    assert (len(told.dossiers), codes(told)) == (1, [])
    told.script.failures.extend([None, Unavailable("portal", "RemoteProtocolError")])
    world.clock.move(minutes=1)
    await world.work()
    assert (len(told.dossiers), codes(told)) == (1, [2])
    world.clock.move(minutes=5)
    await world.work()
    assert (len(told.dossiers), codes(told)) == (1, [2, 4])
    assert (await row(world, paper)).tries == 0


async def test_what_it_refuses_is_said_and_tried_again(world: World, told: Portal) -> None:
    told.script.failures.append(Refused("portal", "-1", "Nguyễn Thị Hoa: sai mã"))
    paper = await filed(world)
    assert (await row(world, paper)).reason == "refused: -1"
    shown = await world.desk.show(OFFICER, paper.dossier)
    [wait] = [one for one in shown["waits"] if one["what"] == "portal"]
    assert (wait["reason"], wait["tries"]) == ("refused: -1", 1)
    world.clock.move(minutes=1)
    await world.work()
    assert codes(told) == [2, 4]


async def test_of_an_erased_dossier_nothing_more_is_told(world: World, told: Portal) -> None:
    told.script.down = True
    paper = await filed(world)
    now = world.clock()
    await world.record.run(lambda conn: erasure.begin(conn, paper.dossier, "cli:test", now))
    told.script.down = False
    world.clock.move(hours=1)
    await world.work()
    assert (told.dossiers, told.statuses) == ([], [])
    assert (await row(world, paper)).since is None


async def test_switched_off_nothing_is_noted(world: World) -> None:
    paper = await filed(world)
    assert await world.record.read(lambda c: portal_syncs.of_dossier(c, paper.dossier)) is None


async def test_switched_on_later_it_is_told_from_the_beginning(world: World) -> None:
    paper = await filed(world)
    world.portal = Portal()
    world.fresh_worker()
    await decide(world, paper, "approve")
    assert codes(world.portal) == [2, 4, 9]
