"""The device in Python against the real wire: what it stores, resumes and spoils."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import httpx2
import orjson
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from server.auth import sealing
from server.auth.keys import KeyRing
from server.errors import Unreadable
from server.sandbox.device import Device, Faults, Rejected, Status
from server.sandbox.samples import Sample, sample
from sync.gate import OpenGate
from sync.limits import Limits
from sync.model import Edit
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample(1, date(2026, 11, 22), ("2008", "B2"))


class Backend:
    """The replication endpoint without the product: every grant is welcome, nobody decides."""

    def __init__(self, folder: Path) -> None:
        self.engine = SqliteEngine(folder / "store")
        self.keys = KeyRing(folder / "keys")
        self.grants: list[dict[str, str]] = []
        self.app = Starlette(
            routes=[
                Route("/api/keys", self.list_keys),
                Route("/api/grants", self.grant, methods=["POST"]),
                Mount("/db", Wire(self.engine, OpenGate(), Limits())),
            ]
        )

    async def list_keys(self, request: Request) -> JSONResponse:
        return JSONResponse({"keys": self.keys.public_keys()})

    async def grant(self, request: Request) -> JSONResponse:
        self.grants.append(await request.json())
        return JSONResponse({}, 201)

    async def stored(self, device: Device, doc_id: str) -> dict[str, Any]:
        return dict((await self.engine.get(f"drafts-{device.owner}", doc_id)).body)

    async def attachment(self, device: Device, doc_id: str) -> bytes:
        _, parts = await self.engine.attachment(f"drafts-{device.owner}", doc_id, "c")
        return b"".join([part async for part in parts])


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Backend]:
    made = Backend(tmp_path)
    yield made
    await made.engine.close()


@pytest.fixture
async def device(backend: Backend) -> AsyncIterator[Device]:
    transport = httpx2.ASGITransport(app=backend.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://phone") as client:
        made = Device(client)
        await made.enrol()
        yield made


async def test_a_grant_sends_only_its_hash(backend: Backend, device: Device) -> None:
    (sent,) = backend.grants
    assert sent == {
        "owner": device.owner,
        "device": device.device,
        "hash": hashlib.sha256(device.grant).hexdigest(),
    }


async def test_what_arrives_opens_to_what_was_said(
    backend: Backend, device: Device, made: Sample
) -> None:
    paper = await device.compose(made.truth["answers"], made.pictures(), made.said())
    assert await device.send(paper) == {}
    stored = await backend.stored(device, paper.submission["_id"])
    key = backend.keys.unwrap_from_intake(device.owner, paper.dossier, stored["key"])
    inner = sealing.open_json(key, paper.submission["_id"], "submission/1", stored["sealed"])
    assert inner["answers"] == made.truth["answers"]
    assert inner["slip"] == paper.slip
    for manifest, picture in zip(inner["photos"], made.pictures(), strict=True):
        listed = next(p for p in stored["photos"] if p["id"] == manifest["id"])
        jpeg = b""
        for i, expected in enumerate(listed["chunks"]):
            doc_id = f"chunk:{paper.dossier}:{manifest['id']}:{i}"
            sealed = await backend.attachment(device, doc_id)
            assert sealing.digest(sealed) == expected
            jpeg += sealing.open_chunk(key, doc_id, len(listed["chunks"]), sealed)
        assert jpeg == picture.jpeg
        assert sealing.digest(jpeg) == manifest["sha256"]
    draft = await backend.stored(device, paper.draft["_id"])
    fields = sealing.open_json(key, paper.draft["_id"], "draft/1", draft["sealed"])["fields"]
    assert fields["full_name"][0] == made.truth["answers"]["full_name"]


async def test_nothing_personal_is_in_the_clear(
    backend: Backend, device: Device, made: Sample
) -> None:
    paper = await device.compose(made.truth["answers"], made.pictures(), made.said())
    clear = orjson.dumps([paper.draft, paper.submission, *[c.document for c in paper.chunks]])
    for value in (*made.truth["answers"].values(), paper.slip):
        if isinstance(value, str) and len(value) > 6 and value not in ("unlimited", "damaged"):
            assert value.encode() not in clear


async def test_a_resend_is_a_no_op_and_a_cut_resumes(
    backend: Backend, device: Device, made: Sample
) -> None:
    paper = await device.compose(made.truth["answers"], made.pictures())
    assert await device.send(paper, Faults(skip_chunk=True)) == {}
    assert await device.missing(paper.chunks) == {paper.chunks[-1].id}
    assert await device.send(paper) == {}
    assert await device.missing(paper.chunks) == set()
    info = await backend.engine.info(f"drafts-{device.owner}")
    assert await device.send(paper, Faults(resend=True)) == {}
    assert (await backend.engine.info(f"drafts-{device.owner}")).doc_count == info.doc_count


async def test_a_correction_keeps_the_photos_that_were_right(device: Device, made: Sample) -> None:
    paper = await device.compose(made.truth["answers"], made.pictures())
    await device.send(paper)
    anew = [picture for picture in made.pictures() if picture.kind == "licence_front"]
    second = await device.correct(paper, {"phone": "+84912345678"}, anew)
    assert (second.n, second.dossier, second.slip) == (2, paper.dossier, paper.slip)
    assert second.draft["_rev"].startswith("2-")
    before = {manifest["kind"]: manifest["id"] for manifest in paper.photos}
    after = {manifest["kind"]: manifest["id"] for manifest in second.photos}
    assert before.keys() == after.keys()
    assert {kind for kind in before if before[kind] != after[kind]} == {"licence_front"}
    assert await device.missing(second.chunks) == {
        chunk.id for chunk in second.chunks if after["licence_front"] in chunk.id
    }
    assert await device.send(second) == {}


async def test_faults_are_what_they_say(backend: Backend, device: Device, made: Sample) -> None:
    args = (made.truth["answers"], made.pictures())
    cut = await device.compose(*args, faults=Faults(truncate_chunk=True))
    first = cut.submission["photos"][0]["chunks"][0]
    assert sealing.digest(cut.chunks[0].sealed) != first
    lied = await device.compose(*args, faults=Faults(wrong_digest=True))
    assert lied.submission["photos"][0]["chunks"][0] == "0" * 64
    foreign = await device.compose(*args, faults=Faults(foreign_owner="e" * 32))
    with pytest.raises(Unreadable):
        backend.keys.unwrap_from_intake(device.owner, foreign.dossier, foreign.submission["key"])


async def test_a_status_is_awaited_opened_and_compared(
    backend: Backend, device: Device, made: Sample
) -> None:
    paper = await device.compose(made.truth["answers"], made.pictures())
    await device.send(paper)
    assert await device.status(paper) is None
    doc_id = f"status:{paper.dossier}"

    async def answer() -> None:
        body: dict[str, Any] = {
            "schema": "status/1",
            "counter": 1,
            "group": "accepted",
            "code": "received",
            "submission": paper.submission["_id"],
            "submission_digest": sealing.sealed_digest(paper.submission["sealed"]),
            "receipts": paper.receipts(),
            "sealed": sealing.seal_json(paper.key, doc_id, "status/1", {"state": "received"}),
        }
        edit = Edit(id=doc_id, body=body)
        (result,) = await backend.engine.write(f"drafts-{device.owner}", [edit])
        assert result.ok

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(answer)
        status = await device.wait(paper, lambda seen: seen.group == "accepted", within=60)
    assert status.sealed == {"state": "received"}
    assert device.submission_arrived(paper, status)
    other = Status(status.clear | {"receipts": {}}, None)
    assert not device.submission_arrived(paper, other)


async def test_an_unknown_grant_is_an_error_of_the_whole_request(tmp_path: Path) -> None:
    async def closed(request: Request) -> JSONResponse:
        return JSONResponse({"error": "unauthorized", "reason": "grant_unknown"}, 401)

    app = Starlette(routes=[Route("/db/{rest:path}", closed, methods=["GET", "PUT", "POST"])])
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://phone") as client:
        with pytest.raises(Rejected) as refused:
            await Device(client).push([])
    assert refused.value.status == 401
