"""Millions of broken inputs: every one is read or refused, none ends in a crash, a 5xx or memory
that is not given back. `SEED=<number>` draws the same inputs again."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

import pytest

from sync.gate import OpenGate
from sync.limits import Limits
from sync.model import SyncError
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire
from sync.wire_json import parse_edit
from sync.wire_multipart import boundary_of, split_parts
from sync.wire_splitter import DocumentSplitter
from tests.sync.conftest import Served
from tests.sync.lost.fuzz import Fuzzer, Request

GROWTH = 64 << 20
OFFERED = {501, 503}
"""Not implemented, and too many at once: answers, not failures."""


def resident(pid: int | str = "self") -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def refusing(parse: Callable[..., object], *given: object) -> None:
    with suppress(SyncError):
        parse(*given)


def split(pieces: list[bytes]) -> None:
    splitter = DocumentSplitter()
    for piece in pieces:
        splitter.feed(piece)
    splitter.envelope()


def parse(fuzzer: Fuzzer) -> int:
    """Some inputs for every parser of a body; how many."""
    whole, document = fuzzer.whole(), fuzzer.document()
    for _ in range(4):
        body = fuzzer.broken(whole)
        refusing(split, fuzzer.cuts(body))
        refusing(split_parts, body, b"x")
    refusing(boundary_of, fuzzer.broken(b'multipart/related; boundary="x"').decode("latin-1"))
    for new_edits in (True, False):
        refusing(parse_edit, dict(document), new_edits, {"a": b"x"})
    return 11


def parsed(seed: int, count: int) -> None:
    fuzzer, done, before = Fuzzer(seed), 0, 0
    while done < count:
        if not before and done > count // 10:
            before = resident()
        try:
            done += parse(fuzzer)
        except Exception as error:
            raise AssertionError(f"about input {done} after SEED={seed}") from error
    assert resident() - before < GROWTH


async def answer(app: Wire[None], request: Request) -> int:
    """The status of one request to the application itself."""
    statuses: list[int] = []
    pending = [{"type": "http.request", "body": request.body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return pending.pop() if pending else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "http",
        "method": request.method,
        "path": unquote_to_bytes(request.path).decode("utf-8", "replace"),
        "raw_path": quote(request.path, safe="/%").encode(),
        "query_string": request.query.encode(),
        "headers": [(n.encode(), v.encode("latin-1")) for n, v in request.headers.items()],
    }
    await app(scope, receive, send)
    return statuses[0]


async def answered(folder: Path, seed: int, count: int) -> dict[int, int]:
    fuzzer, counts, before = Fuzzer(seed), dict[int, int](), 0
    engine = SqliteEngine(folder / "store")
    app = Wire(engine, OpenGate(), Limits())
    try:
        for number in range(count):
            await engine.create("db")  # a DELETE may have been among them
            if number == count // 5:
                before = resident()
            request = fuzzer.request()
            try:
                status = await answer(app, request)
            except Exception as error:
                raise AssertionError(f"{request} after SEED={seed}") from error
            assert status < 500 or status in OFFERED, (status, request, f"SEED={seed}")
            counts[status] = counts.get(status, 0) + 1
    finally:
        await engine.close()
    assert resident() - before < GROWTH
    return counts


def served(folder: Path, seed: int, count: int) -> dict[int, int]:
    """Over a socket: requests of a client, and now and then bytes that are no request."""
    fuzzer, counts, before = Fuzzer(seed), dict[int, int](), 0
    server = Served(folder / "store")
    parts = urlsplit(server.url)
    assert parts.hostname and parts.port
    address = (parts.hostname, parts.port)
    token = b64encode(b":".join(part.encode() for part in server.auth)).decode()
    client = http.client.HTTPConnection(*address, timeout=60)
    for number in range(count):
        if number == count // 5:
            before = resident(server.process.pid)
        if fuzzer.rng.random() < 0.05:
            with socket.create_connection(address) as raw:
                raw.sendall(
                    fuzzer.broken(b"PUT /db HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
                )
        if number % 20 == 0:
            client.request("PUT", "/db", headers={"authorization": f"Basic {token}"})
            client.getresponse().read()
        request = fuzzer.request()
        headers = {"authorization": f"Basic {token}", **request.headers}
        target = quote(f"{request.path}?{request.query}", safe="/%?&=+;")
        try:
            client.request(request.method, target, request.body, headers)
            response = client.getresponse()
            response.read()
            status = response.status
        except (http.client.HTTPException, ConnectionError):
            client.close()
            status = 0
        assert status < 500 or status in OFFERED, (status, request, f"SEED={seed}")
        counts[status] = counts.get(status, 0) + 1
    client.close()
    assert resident(server.process.pid) - before < GROWTH
    assert server.stop() == 0
    return counts


def test_parsers(seed: int) -> None:
    parsed(seed, 50_000)


def test_requests_in_process(tmp_path: Path, seed: int) -> None:
    counts = asyncio.run(answered(tmp_path, seed, 3_000))
    assert {200, 201, 400, 404} <= counts.keys(), counts


def test_requests_over_http(tmp_path: Path, seed: int) -> None:
    counts = served(tmp_path, seed, 500)
    assert counts.get(0, 0) < 25, counts
    assert {200, 201, 400, 404} <= counts.keys(), counts


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_parsers_for_long(seed: int, part: int) -> None:
    parsed(seed + part, 1_000_000)


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_requests_for_long(tmp_path: Path, seed: int, part: int) -> None:
    print(json.dumps(asyncio.run(answered(tmp_path, seed + part, 50_000))))


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_http_for_long(tmp_path: Path, seed: int, part: int) -> None:
    print(json.dumps(served(tmp_path, seed + part, 10_000)))
