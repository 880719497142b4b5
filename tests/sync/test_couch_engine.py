"""`CouchEngine` when its CouchDB is away, comes back, or refuses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from sync.couch_engine import CouchEngine
from sync.couch_http import refusal, segment
from sync.engine import put
from sync.gate import OpenGate
from sync.limits import Limits
from sync.model import (
    Change,
    ChangesPage,
    Conflict,
    Edit,
    MissingStub,
    NewAttachment,
    NotFound,
    Unavailable,
)
from sync.wire import Wire
from tests.sync.conftest import Served, client

pytestmark = pytest.mark.anyio
BASIC = ("post", "s3cret")


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
async def engine(port: int, anyio_backend: str) -> AsyncIterator[CouchEngine]:
    """Nothing listens at its address yet."""
    made = CouchEngine(f"http://127.0.0.1:{port}", *BASIC)
    yield made
    await made.close()


async def test_away_is_503_and_back_needs_no_restart(
    engine: CouchEngine, port: int, tmp_path: Path
) -> None:
    http = client(Wire(engine, OpenGate(), Limits()))
    document = {"n": 1}
    for answer in (
        await http.put("/db"),
        await http.put("/db/d", json=document),
        await http.get("/db/d"),
        await http.get("/db/_changes"),
        await http.post("/db/_bulk_docs", json={"docs": [{"_id": "e"}]}),
    ):
        assert (answer.status_code, answer.json()["error"]) == (503, "service_unavailable")
        assert int(answer.headers["retry-after"]) > 0
    served = Served(tmp_path / "data", port)
    try:
        assert (await http.put("/db")).status_code == 201
        assert (await http.put("/db/d", json=document)).status_code == 201
        served.kill()
        assert (await http.put("/db/e", json=document)).status_code == 503
        served = Served(tmp_path / "data", port)
        assert (await http.get("/db/d")).json()["n"] == 1  # what was acknowledged
        assert (await http.put("/db/e", json=document)).status_code == 201
    finally:
        served.stop()
    await http.aclose()


async def test_who_waits_is_woken_after_a_break_too(
    engine: CouchEngine, port: int, tmp_path: Path
) -> None:
    served = Served(tmp_path / "data", port)
    try:
        await engine.create("db")
        seq = (await engine.info("db")).update_seq
        waiting = asyncio.create_task(engine.wait("db", seq, 30))
        other = CouchEngine(f"http://127.0.0.1:{port}", *BASIC)
        await other.info("db")
        served.kill()
        served = Served(tmp_path / "data", port)
        await put(other, "db", "d", {})  # by another server, while our feed may still be away
        assert await waiting
        await other.close()
    finally:
        served.stop()


async def test_one_feed_for_all_that_wait(engine: CouchEngine, port: int, tmp_path: Path) -> None:
    served = Served(tmp_path / "data", port)
    try:
        names = [f"db{number}" for number in range(20)]
        for name in names:
            await engine.create(name)
        seqs = [(await engine.info(name)).update_seq for name in names]
        waiting = [
            asyncio.create_task(engine.wait(name, seq, 30))
            for name, seq in zip(names, seqs, strict=True)
        ]
        other = CouchEngine(f"http://127.0.0.1:{port}", *BASIC)
        for name in names:
            await put(other, name, "d", {})
        assert await asyncio.gather(*waiting) == [True] * len(names)
        await other.close()
        await engine.close()
    finally:
        served.stop()


async def test_a_copy_that_lags_is_looked_at_again(
    engine: CouchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a cluster the node that answers may not have yet what another one told of."""
    pages = [ChangesPage((), "0", 0)] * 3 + [
        ChangesPage((Change("1", "d", ("1-a",), False),), "1", 0)
    ]
    looked = asyncio.Event()

    async def lagging(*_: object, **__: object) -> ChangesPage:
        looked.set()
        return pages.pop(0)

    async def listening() -> None:
        return None

    monkeypatch.setattr(engine, "changes", lagging)
    monkeypatch.setattr(engine._updates, "follow", listening)
    waiting = asyncio.create_task(engine.wait("db", "0", 30))
    await looked.wait()
    engine._waiters.wake(["db"])
    assert await asyncio.wait_for(waiting, 10)
    assert not pages


async def test_wrong_credentials_are_the_administrators_to_mend(port: int, tmp_path: Path) -> None:
    served = Served(tmp_path / "data", port)
    wrong = CouchEngine(f"http://127.0.0.1:{port}", "post", "other")
    try:
        for call in (wrong.info("db"), wrong.create("db"), wrong.exists("db")):
            with pytest.raises(Unavailable):
                await call
    finally:
        await wrong.close()
        served.stop()


async def test_an_acknowledgement_without_a_quorum_is_none(
    engine: CouchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CouchDB's 202: too few nodes have it (cluster documentation, "Theory")."""

    async def accepted(*_: object, **__: object) -> httpx2.Response:
        return httpx2.Response(202, json=[{"ok": True, "id": "d", "rev": "1-a"}])

    monkeypatch.setattr(engine._couch._client, "request", accepted)
    photo = NewAttachment("image/jpeg", b"x")
    for edit in (Edit("d", {}), Edit("d", {}, attachments={"p": photo})):
        (result,) = await engine.write("db", [edit])
        assert isinstance(result.failure, Unavailable)
    with pytest.raises(Unavailable):
        await engine.local_put("db", "c", {})


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (404, "missing", NotFound),
        (409, "conflict", Conflict),
        (412, "missing_stub", MissingStub),
        (500, "internal_server_error", Unavailable),
        (503, "busy", Unavailable),
        (401, "unauthorized", Unavailable),
    ],
)
def test_refusals(status: int, error: str, kind: type[Exception]) -> None:
    said = b'{"error":"%s","reason":"r"}' % error.encode()
    assert isinstance(refusal(status, said), kind)
    assert isinstance(refusal(502, b"<html>"), Unavailable)


@pytest.mark.parametrize(
    ("name", "written"),
    [("a/b", "a%2Fb"), ("..", "%2E%2E"), (".", "%2E"), ("ả?#", "%E1%BA%A3%3F%23")],
)
def test_a_name_is_one_segment(name: str, written: str) -> None:
    assert segment(name) == written
