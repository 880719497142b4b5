"""The seed against the whole server, over HTTP on its own port."""

from __future__ import annotations

import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from server.app import create_app
from server.container import Parts
from server.record import dossiers
from server.sandbox import seed
from server.sandbox.desk import Desk
from server.settings import loopback_settings
from tests.server.sandbox.served import served

pytestmark = pytest.mark.anyio
KEPT = {"late": 620, "blurred": 604, "helped": 609, "cut_off": 607, "foreign": 612}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = loopback_settings(tmp_path, port, origin=f"http://localhost:{port}")
        app = create_app(settings)
        with served(app, listener):
            yield app.state.parts


@asynccontextmanager
async def officer(parts: Parts) -> AsyncIterator[Desk]:
    address, headers = parts.settings.own_address, {"origin": parts.settings.origin}
    async with httpx2.AsyncClient(base_url=address, headers=headers) as client:
        token = dict(await parts.demo_links())["officer"].partition("#")[2]
        (await client.post("/api/demo", json={"token": token})).raise_for_status()
        yield Desk(client)


def test_the_stories_cover_the_states() -> None:
    told = seed.stories()
    assert len(told) >= 12
    assert {story.ending for story in told} == {
        None,
        "approve",
        "deliver",
        "return",
        "reject",
        "park",
    }
    assert {story.until for story in told} >= {"waiting", "incomplete", "forwarded"}
    assert len({story.seed for story in told}) == len(told)


async def test_dossiers_are_filed_once_and_differ(
    parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [story for story in seed.stories() if story.seed in KEPT.values()]
    monkeypatch.setattr(seed, "stories", lambda: chosen)
    monkeypatch.setattr("server.flow.desk.UNDO", timedelta(hours=1))  # longer than a slow machine
    assert parts.sandbox is not None
    await parts.sandbox.seed()
    filed: dict[str, str] = json.loads((tmp_path / "sandbox" / "seeded.json").read_text())
    assert set(filed) == {str(number) for number in KEPT.values()}

    async def row(name: str) -> Any:
        return await parts.record.read(lambda conn: dossiers.find(conn, filed[str(KEPT[name])]))

    assert (await row("late")).state == "waiting"
    assert await row("cut_off") is None
    helped = await row("helped")
    assert (helped.channel, helped.point, helped.assurance) == ("post", "bn-08", "clerk_checked")
    assert helped.code.startswith("MAU.")
    async with officer(parts) as desk:
        blurred = await desk.open(filed[str(KEPT["blurred"])])
        assert blurred["pending"]["outcome"] in ("return", "returned")
        foreign = await desk.open(filed[str(KEPT["foreign"])])
        assert any(found["field"] == "certificate_number" for found in foreign["findings"])
        helped_there = await desk.open(filed[str(KEPT["helped"])])
        assert helped_there["answers"]["full_name"]
        before = len((await desk.queue())["items"])
        await parts.sandbox.seed()
        assert len((await desk.queue())["items"]) == before
