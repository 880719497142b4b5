"""Erasing a dossier: nothing personal is left in either store, and it does not come back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from server.errors import Conflict
from server.record import bindings, erasure
from server.record.tables import metadata
from sync.model import NotFound
from tests.server.flow.world import World

pytestmark = pytest.mark.anyio


async def erase(world: World, dossier: str) -> bool:
    now = world.clock()
    return await world.record.run(
        partial(erasure.begin, dossier=dossier, actor="system:test", now=now)
    )


async def documents(world: World) -> list[str]:
    page = await world.documents.changes(f"drafts-{world.owner}", style="all_docs")
    return sorted(change.id for change in page.results)


async def test_everything_of_one_dossier_goes_and_the_other_stays(
    world: World, tmp_path: Path
) -> None:
    paper, other = world.paper(), world.paper()
    await world.send(paper)
    await world.send(other)
    await world.work()
    stays = [doc_id for doc_id in await documents(world) if other.dossier in doc_id]
    assert await erase(world, paper.dossier)
    assert not await erase(world, paper.dossier)
    await world.work()
    status = await world.documents.get(f"drafts-{world.owner}", f"status:{paper.dossier}")
    assert (status.body["group"], "sealed" in status.body) == ("erased", False)
    assert await documents(world) == sorted([*stays, f"status:{paper.dossier}"])
    with pytest.raises(Conflict):  # one under way in the hands of others is not torn out
        await world.record.run(
            lambda conn: conn.execute(
                text("UPDATE dossiers SET state='dispatched' WHERE id=:id"), {"id": other.dossier}
            )
        )
        await erase(world, other.dossier)


async def test_the_record_keeps_what_reports_count_only(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    await erase(world, paper.dossier)
    await world.work()
    name = str(paper.answers["full_name"])

    def everything(conn: Connection) -> str:
        return "\n".join(
            str(row) for table in metadata.sorted_tables for row in conn.execute(table.select())
        )

    left = await world.record.read(everything)
    assert name not in left and paper.slip not in left
    row = await world.record.read(
        lambda conn: conn.execute(text("SELECT state, wrapped_key, code FROM dossiers")).one()
    )
    assert row.state == "withdrawn" and row.wrapped_key is None and row.code


async def test_what_arrives_after_the_erasure_is_erased_too(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    await erase(world, paper.dossier)
    await world.work()
    await world.send(paper)  # past the gate, as a write under way would be
    assert len(await documents(world)) > 1
    world.clock.move(hours=2)
    await world.work()
    assert await documents(world) == [f"status:{paper.dossier}"]
    assert await world.record.read(lambda conn: bindings.is_erased(conn, paper.dossier))


async def test_ended_dossiers_are_erased_and_their_databases_retired(world: World) -> None:
    paper = world.paper()
    await world.send(paper)
    await world.work()
    now = world.clock()
    await world.record.run(
        lambda conn: conn.execute(
            text("UPDATE dossiers SET state='delivered', closed_at=:at"),
            {"at": now.isoformat(timespec="milliseconds").replace("+00:00", "Z")},
        )
    )
    world.clock.move(days=89)
    await world.work()
    assert not await world.record.read(lambda conn: bindings.is_erased(conn, paper.dossier))
    world.clock.move(days=2)
    await world.work()
    assert await world.record.read(lambda conn: bindings.is_erased(conn, paper.dossier))
    assert await documents(world) == [f"status:{paper.dossier}"]
    world.clock.move(days=91)
    await world.work()
    with pytest.raises(NotFound):
        await world.documents.info(f"drafts-{world.owner}")
    assert await world.record.read(lambda conn: bindings.bound_to(conn, paper.dossier)) is None
    assert await world.record.read(lambda conn: bindings.is_erased(conn, paper.dossier))
    assert world.clock() - now > timedelta(days=181)
