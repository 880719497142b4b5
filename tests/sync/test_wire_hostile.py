"""Wrong, huge and hostile input: always a 4xx with a reason, and nothing else disturbed."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.gate import OpenGate
from sync.limits import Limits
from sync.model import BadRequest
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire
from sync.wire_multipart import split_parts
from sync.wire_splitter import DocumentSplitter
from tests.sync.conftest import client

pytestmark = pytest.mark.anyio
JSON = {"content-type": "application/json"}
DEEP = b'{"docs":[' + b'{"_id":"a","x":' + b"[" * 200_000 + b"]" * 200_000 + b"}]}"

BODIES = [
    b"",
    b"nonsense",
    b"[]",
    b"null",
    b"{",
    b'{"docs":',
    b'{"docs":[',
    b'{"docs":[{}',
    b'{"docs":[{"_id":"a"}',
    b'{"docs":[{"_id":"a"}]',
    b'{"docs":[{"_id":"a"},]}',
    b'{"docs":[,{"_id":"a"}]}',
    b'{"docs":[{"_id":"a"}{"_id":"b"}]}',
    b'{"docs":[1]}',
    b'{"docs":[["_id"]]}',
    b'{"docs":{}}',
    b'{"docs":null}',
    b'{"docs":[],"docs":[{}',
    b'{"docs":[],"new_edits":"no"}',
    b'{"docs":[{"_id":1}]}',
    b'{"docs":[{"_id":"a","_rev":5}]}',
    b'{"docs":[{"_id":"a","_rev":"x"}]}',
    b'{"docs":[{"_id":"a","_deleted":"yes"}]}',
    b'{"docs":[{"_id":"a","_attachments":[1]}]}',
    b'{"docs":[{"_id":"a","_attachments":{"x":1}}]}',
    b'{"docs":[{"_id":"a","_attachments":{"x":{"data":"%%%"}}}]}',
    b'{"docs":[{"_id":"a","_attachments":{"x":{"data":5}}}]}',
    b'{"docs":[{"_id":"a","_attachments":{"":{"data":""}}}]}',
    b'{"docs":[{"_id":"a","_attachments":{"x":{"follows":true,"length":1}}}]}',
    b'{"docs":[{"_id":"a","_attachments":{"x":{"data":"","content_type":"a\\r\\nx: y"}}}]}',
    b'{"docs":[{"_id":"a","_revisions":{"start":1,"ids":["a","b"]}}]}',
    b'{"docs":[{"_id":"a","_revisions":{"start":-1,"ids":["a"]}}]}',
    b'{"docs":[{"_id":"a","_revisions":{"start":1e400,"ids":["a"]}}]}',
    b'{"docs":[{"_id":"a","_revisions":{"start":2,"ids":[1,{}]}}]}',
    b'{"docs":[{"_id":"a","_revisions":5}]}',
    b'{"docs":[{"_id":"a\xff"}]}',
    b'{"docs":[{"_id":"\\ud800"}]}',
    b'{"docs":[{"_id":"a","x":NaN}]}',
    DEEP,
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'"' + b"\\" * 100_001,
    b'{"' + b"x" * 200_000 + b'":1,"docs":[]}',
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
async def test_bad_bulk_docs(http: httpx2.AsyncClient, body: bytes) -> None:
    answer = await http.post("/db/_bulk_docs", content=body, headers=JSON)
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert answer.json()["reason"]
    assert (await http.get("/db/_all_docs")).json()["rows"] == []


@pytest.mark.parametrize("path", ["_revs_diff", "_bulk_get", "_purge", "_missing_revs"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"5",
        b"{",
        b'{"d":5}',
        b'{"d":["x"]}',
        b'{"d":[[]]}',
        b'{"docs":[5]}',
        b'{"docs":[{"id":5}]}',
        b'{"docs":5}',
    ],
)
async def test_bad_json_elsewhere(http: httpx2.AsyncClient, path: str, body: bytes) -> None:
    answer = await http.post(f"/db/{path}", content=body, headers=JSON)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        "/db/a?rev=x",
        "/db/a?rev=1",
        "/db/a?open_revs=5",
        "/db/a?open_revs=[5]",
        "/db/a?open_revs={",
        "/db/a?revs=maybe",
        "/db/%ff",
        "/db/_local",
        "/db/_local/",
        "/db/_nonsense",
        "/db/_changes?limit=-1",
        "/db/_changes?heartbeat=soon",
        "/db/_changes?style=x",
        "/db/_all_docs?startkey={",
        "/db/_all_docs?limit=" + "9" * 30,
        "/db/a?x=%ff",
        "/%00",
        "/..%2f..%2fetc",
        "/db/a/b?rev=zzz",
    ],
)
async def test_bad_paths_and_queries(http: httpx2.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)


async def test_wrong_content_type(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/db/_bulk_docs", content=b"{}", headers={"content-type": "text/x"})
    assert (answer.status_code, answer.json()["error"]) == (415, "bad_content_type")


@pytest.fixture
async def small(engine: SqliteEngine) -> AsyncIterator[httpx2.AsyncClient]:
    async def quota(db: str) -> int | None:
        return 3000 if db == "db" else None

    limits = Limits(document=500, attachment=1000, request=9000, pushes=1, quota=quota)
    async with client(Wire(engine, OpenGate(), limits)) as found:
        yield found


async def test_limits(small: httpx2.AsyncClient) -> None:
    big = await small.put("/db/d", json={"x": "y" * 600})
    assert (big.status_code, big.json()["error"]) == (413, "document_too_large")
    data = {"x": {"data": "QUFB" * 400}}
    photo = await small.put("/db/d", json={"_attachments": data})
    assert (photo.status_code, photo.json()["error"]) == (413, "attachment_too_large")
    request = await small.post("/db/_bulk_docs", content=b" " * 9001, headers=JSON)
    assert request.status_code == 413

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 1000

    stream = await small.post("/db/_bulk_docs", content=endless(), headers=JSON)
    assert stream.status_code == 413
    local = await small.put("/db/_local/x", json={"x": "y" * 600})
    assert local.status_code == 413


async def test_quota_is_a_refusal_of_the_document(small: httpx2.AsyncClient) -> None:
    docs = [
        {"_id": f"d{n}", "_rev": "1-a", "_attachments": {"x": {"data": "QUFB" * 250, "revpos": n}}}
        for n in range(5)
    ]
    for doc in docs:
        doc["n"] = doc["_id"]
    for number, doc in enumerate(docs):  # the same bytes again count once
        doc["_attachments"]["x"]["data"] = f"{number:04d}" + "QUFB" * 249  # type: ignore[index]
    answer = await small.post("/db/_bulk_docs", json={"docs": docs, "new_edits": False})
    assert answer.status_code == 201
    assert {row["error"] for row in answer.json()} == {"forbidden"}
    assert all(row["reason"].startswith("quota_exceeded") for row in answer.json())
    kept = (await small.get("/db/_all_docs")).json()["rows"]
    assert 0 < len(kept) < 5 and len(kept) + len(answer.json()) == 5


async def test_too_many_pushes_at_once_are_told_when_to_come_again(engine: SqliteEngine) -> None:
    async with client(Wire(engine, OpenGate(), Limits(pushes=1))) as http:
        stop = asyncio.Event()
        began = asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield b'{"docs":['
            began.set()
            await stop.wait()
            yield b"]}"

        first = asyncio.create_task(http.post("/db/_bulk_docs", content=slow(), headers=JSON))
        await began.wait()
        second = await http.put("/db/d", json={})
        assert (second.status_code, second.json()["error"]) == (503, "service_unavailable")
        assert int(second.headers["retry-after"]) > 0
        assert (await http.get("/db")).status_code == 200
        stop.set()
        assert (await first).status_code == 201
        assert (await http.put("/db/d", json={})).status_code == 201


async def test_gzip_bomb(small: httpx2.AsyncClient) -> None:
    bomb = gzip.compress(b" " * 50_000_000)[:8000]
    headers = {**JSON, "content-encoding": "gzip"}
    answer = await small.post("/db/_bulk_docs", content=bomb, headers=headers)
    assert answer.status_code == 413


def split(body: bytes, cuts: list[int]) -> tuple[list[bytes], dict[str, object]]:
    splitter, found, at = DocumentSplitter(), [], 0
    for cut in [*sorted(cuts), len(body)]:
        found += splitter.feed(body[at:cut])
        at = max(at, cut)
    return found, splitter.envelope()


documents = st.lists(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers(-5, 5) | st.text('ab"\\{}[],:đ', max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.text('a"\\[', max_size=3), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        max_size=4,
    ),
    max_size=5,
)


@given(documents, st.lists(st.integers(0, 400), max_size=8), st.booleans(), st.booleans())
def test_the_splitter_finds_the_documents_wherever_the_stream_is_cut(
    docs: list[dict[str, object]], cuts: list[int], before: bool, spaced: bool
) -> None:
    members = {"new_edits": False, "docs": docs} if before else {"docs": docs, "new_edits": False}
    body = json.dumps(members, indent=1 if spaced else None).encode()
    found, envelope = split(body, [cut for cut in cuts if cut <= len(body)])
    assert [json.loads(text) for text in found] == docs
    assert envelope == {"docs": [], "new_edits": False}


@given(st.binary(max_size=200) | st.text('{}[]",:docs\\ 1', max_size=60).map(str.encode))
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_parsers_of_hostile_bytes_refuse_or_read(body: bytes) -> None:
    for parse in (lambda: split(body, [len(body) // 2]), lambda: split_parts(body, b"x")):
        try:
            parse()
        except BadRequest:
            continue
