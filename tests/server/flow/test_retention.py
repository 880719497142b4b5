from __future__ import annotations

import pytest

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
