from __future__ import annotations

from datetime import timedelta

import pytest

from server.dossier import states
from server.dossier.retention import of_states, period, rows
from server.flow.wishes import Wish, fulfil
from server.record import bindings, notices
from tests.server.flow.test_notify import decide, filed, opt_in
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio


async def chunks(world: World) -> set[str]:
    rows = await world.documents.all_docs(f"drafts-{world.owner}", start="chunk:", end="chunk;")
    return {row.id for row in rows}


async def test_orphans_go_after_ninety_days_and_nothing_else(world: World) -> None:
    paper, abandoned, fresh = world.paper(), world.paper(), world.paper()
    await world.send(paper)
    await world.send(abandoned, leave_out=[abandoned.chunks[0].id])
    await world.work()
    kept = {chunk.id for chunk in paper.chunks}
    orphans = {chunk.id for chunk in abandoned.chunks[1:]}
    assert await chunks(world) == kept | orphans
    world.clock.move(days=89)
    await world.work()
    assert await chunks(world) == kept | orphans
    await world.send(fresh, leave_out=[fresh.chunks[0].id])
    world.clock.move(days=2)
    await world.work()
    assert await chunks(world) == kept | {chunk.id for chunk in fresh.chunks[1:]}
    (line,) = await world.journal(abandoned, "swept")
    assert line.detail == {"chunks": len(orphans)}
    world.clock.move(days=1)
    await world.work()
    assert len(await world.journal(abandoned, "swept")) == 1


def test_the_table_says_how_long_for_each_state_and_why() -> None:
    ended = {state for state in states.states() if states.ended(state)}
    assert set(of_states()) == ended
    assert set(of_states(7).values()) == {timedelta(days=7)}
    for row in rows():
        assert row["days"] is None or row["days"] > 0
        assert all(row[key] for key in ("vi", "en", "source"))
        assert row["confidence"] in ("high", "medium", "low")
        for language in ("vi", "en"):
            assert row["days"] is None or str(row["days"]) in row[language]


async def is_erased(world: World, dossier: str) -> bool:
    return await world.record.read(lambda conn: bindings.is_erased(conn, dossier))


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
async def test_a_dossier_stays_as_long_as_its_state_says(world: World, state: str) -> None:
    paper = await filed(world)
    if state == "rejected":
        await decide(world, paper, "reject", reason="other", text="Không", law="Điều 1")
    else:
        wish = Wish("withdraw", "request:1", paper.dossier, world.owner)
        await world.record.run(lambda conn: fulfil(conn, world.clock(), wish))
    assert await world.state(paper) == state
    world.clock.now += period(state) - timedelta(hours=12)
    await world.work()
    assert not await is_erased(world, paper.dossier)
    world.clock.move(days=2)
    await world.work()
    assert await is_erased(world, paper.dossier)


async def test_what_waits_for_a_person_is_not_erased_by_time(world: World) -> None:
    paper = await filed(world)
    world.clock.move(days=500)
    await world.work()
    assert not await is_erased(world, paper.dossier)


async def test_addresses_go_soon_after_the_end(world: World) -> None:
    paper = await filed(world)
    await opt_in(world, paper, "push")
    await decide(world, paper, "reject", reason="other", text="Không", law="Điều 1")
    world.clock.now += period("notices") - timedelta(hours=12)
    await world.work()
    assert await world.record.read(lambda conn: notices.of_dossier(conn, paper.dossier))
    world.clock.move(days=2)
    await world.work()
    assert await world.record.read(lambda conn: notices.of_dossier(conn, paper.dossier)) == []
    assert not await is_erased(world, paper.dossier)
