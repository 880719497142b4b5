"""What the wire counts, and how a waiting feed ends with its server."""

from __future__ import annotations

import asyncio

import pytest

from sync.gate import OpenGate
from sync.limits import Limits
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire
from tests.sync.conftest import client

pytestmark = pytest.mark.anyio
DOCS = {"docs": [{"_id": "a"}, {"_id": "b"}, {"_id": "a"}]}


@pytest.fixture
def listening(engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set when a feed waits."""
    begun, wait = asyncio.Event(), engine.wait

    async def told(db: str, since: str) -> bool:
        begun.set()
        return await wait(db, since)

    monkeypatch.setattr(engine, "wait", told)
    return begun


async def test_it_counts_what_is_written_refused_and_waiting(
    engine: SqliteEngine, listening: asyncio.Event
) -> None:
    wire = Wire(engine, OpenGate(), Limits())
    async with client(wire) as http:
        await http.put("/db")
        rows = (await http.post("/db/_bulk_docs", json=DOCS)).json()
        assert [row.get("error") for row in rows] == [None, None, "conflict"]
        feed = asyncio.create_task(http.get("/db/_changes?feed=longpoll&since=now"))
        await listening.wait()
        assert list(wire.tally.lines()) == [
            "# TYPE sync_revisions_written_total counter",
            "sync_revisions_written_total 2",
            "# TYPE sync_revisions_refused_total counter",
            'sync_revisions_refused_total{error="conflict"} 1',
            "# TYPE sync_requests gauge",
            'sync_requests{state="pushing"} 0',
            'sync_requests{state="waiting"} 1',
        ]
        await http.put("/db/c", json={})
        assert (await feed).json()["results"]
    assert wire.tally.waiting == 0


async def test_a_feed_that_the_server_cancels_ends_whole(
    engine: SqliteEngine, listening: asyncio.Event
) -> None:
    wire = Wire(engine, OpenGate(), Limits())
    await engine.create("db")
    sent: list[bytes] = []

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: dict[str, object]) -> None:
        body = message.get("body", b"")
        assert isinstance(body, bytes)
        sent.append(body)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/db/_changes",
        "query_string": b"feed=longpoll&since=now",
        "headers": [],
    }
    feed = asyncio.create_task(wire(scope, receive, send))  # type: ignore[arg-type]
    await listening.wait()
    feed.cancel()
    await feed
    assert b"".join(sent).rstrip().endswith(b"}") and b'"last_seq"' in b"".join(sent)
