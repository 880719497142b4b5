"""The same way on PostgreSQL, in a schema of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from server.auth.access import Actor
from server.ports import Found, NotYet
from tests.server.flow.world import CERTIFICATE, World

pytestmark = pytest.mark.anyio
OFFICER = Actor("officer", "o" * 32)
URL = os.environ.get("DATABASE_URL", "")


@pytest.mark.skipif(not URL, reason="DATABASE_URL is not set: the stages are tested on SQLite only")
async def test_from_the_phone_to_a_decision(tmp_path: Path) -> None:
    base = URL.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(base)
    with engine.begin() as conn:
        conn.execute(text("DROP SCHEMA IF EXISTS way CASCADE"))
        conn.execute(text("CREATE SCHEMA way"))
    engine.dispose()
    mark = "&" if "?" in base else "?"
    world = World(tmp_path, url=f"{base}{mark}options=-csearch_path%3Dway")
    try:
        world.registry.answer = NotYet()
        papers = [world.paper(full_name=name) for name in ("Đỗ Văn An", "Lý Thị Mỵ")]
        for paper in papers:
            await world.send(paper)
        await world.work()
        assert [await world.state(paper) for paper in papers] == ["waiting", "waiting"]
        world.registry.answer = Found(CERTIFICATE)
        world.clock.move(hours=1)
        await world.work()
        queue = await world.desk.queue(OFFICER, search="do van an")
        (item,) = queue["items"]
        view = await world.desk.show(OFFICER, item["dossier"])
        await world.desk.decide(
            OFFICER, item["dossier"], outcome="approve", version=view["version"]
        )
        world.clock.move(seconds=30)
        await world.work()
        assert [await world.state(paper) for paper in papers] == ["dispatched", "forwarded"]
        assert (await world.status(papers[0]))["code"] == "dispatched"
    finally:
        await world.close()
