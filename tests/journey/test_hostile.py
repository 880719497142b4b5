"""Wrong, huge and hostile input against the running server: its sender is told, the journal knows
of what was taken in, nothing answers 5xx, and other people's dossiers go through meanwhile."""

from __future__ import annotations

import gzip
import io
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
import segno
from PIL import Image

from server.auth import sealing
from server.sandbox.device import Device, Faults
from server.sandbox.paper import Chunk, Paper, Said
from tests.journey import devices
from tests.journey.officer import Officer
from tests.journey.processes import Server

pytestmark = pytest.mark.anyio
JSON = {"content-type": "application/json"}
MARKUP = "<img src=x onerror=alert(1)><script>alert(document.domain)</script>"


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all: what one test does to it, the others would notice."""
    running = Server(tmp_path_factory.mktemp("hostile") / "data").start()
    yield running
    metrics = httpx2.get(f"{running.origin}/metrics", trust_env=False).text
    running.stop()
    assert 'status="201"' in metrics
    assert 'status="5' not in metrics
    log = running.log.read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "unexpected" not in log


@pytest.fixture(scope="module")
def officer(server: Server) -> Iterator[Officer]:
    signed_in = Officer(server)
    yield signed_in
    signed_in.close()


@pytest.fixture
async def device(server: Server) -> AsyncIterator[Device]:
    async with devices.device(server) as made:
        yield made


async def ask(
    device: Device, method: str, path: str, body: bytes = b"", **headers: str
) -> httpx2.Response:
    """One request to the device's own database."""
    sent = device.bearer | JSON | {name.replace("_", "-"): text for name, text in headers.items()}
    return await device.client.request(method, device.database + path, content=body, headers=sent)


def told(answer: httpx2.Response) -> str:
    """The reason that a refused sender reads."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:200])
    body = answer.json()
    assert "Traceback" not in answer.text
    return str(body.get("reason") or body["code"])


async def refused(device: Device, paper: Paper) -> str:
    """The code with which the status refuses what arrived whole; the journal must know of it."""
    status = await device.wait(paper, lambda one: paper.submission["_id"] in one.clear["refused"])
    code = str(status.clear["refused"][paper.submission["_id"]])
    assert status.group == "refused_input"
    return code


DEEP = b"[" * 100_000 + b"]" * 100_000
NOT_JSON = [
    b"",
    b"null",
    b"{",
    b"\xff\xfe",
    b'{"docs":[{"_id":"a"',
    b'{"docs":[1]}',
    b'{"docs":' + DEEP + b"}",
    b'{"new_edits":false,"docs":[{"_id":{"$ne":1},"_rev":"1-a"}]}',
]


@pytest.mark.parametrize("body", NOT_JSON, ids=range(len(NOT_JSON)))
async def test_json_that_is_none(device: Device, body: bytes) -> None:
    assert told(await ask(device, "POST", "/_bulk_docs", body))
    answer = await device.client.post("/api/grants", content=body, headers=JSON)
    assert told(answer)
    assert {"vi", "en"} <= answer.json()["message"].keys()


async def test_what_is_too_large(device: Device) -> None:
    paper = await devices.composed(device)
    heavy = paper.draft | {"sealed": "A" * 70_000}
    assert "65536 bytes" in (await device.push([heavy]))[paper.draft["_id"]]
    chunk = replace(paper.chunks[0], sealed=secrets.token_bytes(32_769))
    assert list(await device.push_chunks(replace(paper, chunks=(chunk,)))) == [chunk.id]
    huge = b'{"new_edits":false,"docs":["' + b"x" * (33 << 20) + b'"]}'
    answer = await ask(device, "POST", "/_bulk_docs", huge)
    assert (answer.status_code, bool(told(answer))) == (413, True)
    assert await device.missing([chunk]) == {chunk.id}


async def test_a_gzip_bomb(device: Device) -> None:
    bomb = gzip.compress(b"{" + b" " * (64 << 20) + b"}", 1)
    for path, status in (("/_bulk_docs", 400), ("/_revs_diff", 413)):
        answer = await ask(device, "POST", path, bomb, content_encoding="gzip")
        assert (answer.status_code, bool(told(answer))) == (status, True)


async def test_multipart_that_breaks_off(device: Device) -> None:
    paper = await devices.composed(device)
    whole, boundary = multipart(paper.chunks[0])
    kind = f'multipart/related; boundary="{boundary}"'
    target = f"/{paper.chunks[0].id}?new_edits=false"
    for part in (b"", whole[:40], whole[: len(whole) // 2], whole[:-4]):
        assert told(await ask(device, "PUT", target, part, content_type=kind))
    for wrong in ("multipart/related", 'multipart/related; boundary=""', "multipart/form-data"):
        assert told(await ask(device, "PUT", target, whole, content_type=wrong))
    assert await device.missing(paper.chunks) == {chunk.id for chunk in paper.chunks}
    assert await device.send(paper) == {}  # and the whole one is taken afterwards
    await device.wait(paper, lambda status: device.submission_arrived(paper, status))


async def test_a_wrong_digest_of_an_attachment(device: Device) -> None:
    paper = await devices.composed(device)
    whole, boundary = multipart(paper.chunks[0], md5="md5-" + "A" * 22 + "==")
    kind = f'multipart/related; boundary="{boundary}"'
    target = f"/{paper.chunks[0].id}?new_edits=false"
    assert told(await ask(device, "PUT", target, whole, content_type=kind))
    assert paper.chunks[0].id in await device.missing(paper.chunks)


async def test_a_submission_that_names_another_digest(server: Server, device: Device) -> None:
    made = devices.somebody()
    faults = Faults(wrong_digest=True)
    paper = await device.compose(made.truth["answers"], made.pictures(), made.said(), faults)
    assert await device.send(paper) == {}
    assert await refused(device, paper) == "bad_submission"
    assert ("refused", "bad_submission") in lines(server, paper)
    await devices.goes_through(server)


async def test_a_chunk_that_was_cut_short(server: Server, device: Device) -> None:
    made = devices.somebody()
    faults = Faults(truncate_chunk=True)
    paper = await device.compose(made.truth["answers"], made.pictures(), made.said(), faults)
    assert await device.send(paper) == {}
    assert await refused(device, paper) == "bad_submission"
    assert ("refused", "bad_submission") in lines(server, paper)


async def test_a_chunk_sealed_for_another_place(server: Server, device: Device) -> None:
    paper = await devices.composed(device)
    first, second = paper.chunks[:2]
    swapped = (replace(first, sealed=second.sealed), replace(second, sealed=first.sealed))
    digests = {chunk.id: sealing.digest(chunk.sealed) for chunk in (*swapped, *paper.chunks[2:])}
    listed = [
        photo
        | {
            "chunks": [
                digests[f"chunk:{paper.dossier}:{photo['id']}:{i}"]
                for i in range(len(photo["chunks"]))
            ]
        }
        for photo in paper.submission["photos"]
    ]
    moved = replace(
        paper,
        chunks=swapped + paper.chunks[2:],
        submission=paper.submission | {"photos": listed},
    )
    assert await device.send(moved) == {}
    assert await refused(device, moved) == "unreadable"
    assert ("refused", "unreadable") in lines(server, moved)


async def test_a_key_wrapped_for_another_owner(server: Server, device: Device) -> None:
    made = devices.somebody()
    faults = Faults(foreign_owner=secrets.token_hex(16))
    paper = await device.compose(made.truth["answers"], made.pictures(), made.said(), faults)
    assert await device.send(paper) == {}
    assert await refused(device, paper) == "unreadable"
    assert ("refused", "unreadable") in lines(server, paper)
    await devices.goes_through(server)


async def test_another_owners_database_is_as_one_that_does_not_exist(
    server: Server, device: Device
) -> None:
    async with devices.device(server) as other:
        theirs = await devices.composed(other)
        assert await other.send(theirs) == {}
        await other.wait(theirs, lambda status: other.submission_arrived(theirs, status))
        doc = theirs.submission["_id"]
        for method, path, body in (
            ("GET", "", b""),
            ("PUT", "", b""),
            ("DELETE", "", b""),
            ("GET", f"/{doc}", b""),
            ("PUT", f"/{doc}", b"{}"),
            ("GET", f"/{theirs.chunks[0].id}/c", b""),
            ("GET", "/_changes", b""),
            ("GET", "/_local/x", b""),
            ("POST", "/_bulk_docs", b'{"docs":[]}'),
            ("POST", "/_revs_diff", b"{}"),
            ("POST", "/_bulk_get", b'{"docs":[]}'),
        ):
            answers = []
            for owner in (other.owner, secrets.token_hex(16)):
                answer = await device.client.request(
                    method,
                    f"/db/drafts-{owner}{path}",
                    content=body,
                    headers=device.bearer | JSON,
                )
                seen = {k: v for k, v in answer.headers.items() if k != "date"}
                answers.append((answer.status_code, seen, answer.content))
            assert answers[0] == answers[1], (method, path)
            assert answers[0][0] == 404


async def test_a_dossier_of_another_owner_is_refused(server: Server, device: Device) -> None:
    async with devices.device(server) as other:
        theirs = await devices.composed(other)
        assert await other.send(theirs) == {}
        reasons = await device.push([theirs.submission])
        assert reasons == {theirs.submission["_id"]: "dossier_of_other"}
        await other.wait(theirs, lambda status: status.code == "forwarded", within=90)


async def test_who_does_not_say_who_they_are(device: Device) -> None:
    for proof in ("", "Bearer x", "Basic YTpi", "Bearer " + sealing.b64u(secrets.token_bytes(32))):
        answer = await device.client.get(device.database, headers={"authorization": proof})
        assert (answer.status_code, told(answer)) == (401, "grant_unknown")


async def test_documents_that_are_not_ours(device: Device) -> None:
    paper = await devices.composed(device)
    status = immutable(f"status:{paper.dossier}") | {"schema": "status/1"}
    stray = immutable("x" * 300)
    design = immutable("_design/views") | {"views": {"x": {"map": "function (doc) {}"}}}
    assert (await device.push([status]))[status["_id"]] == "not_writable"
    assert (await device.push([stray]))[stray["_id"]] == "bad_id"
    assert await device.push([design])
    extra = paper.draft | {"name": "NGUYỄN VĂN MẪU"}
    assert await device.push([extra]) == {paper.draft["_id"]: "bad_shape"}


async def test_markup_stays_text(server: Server, device: Device, officer: Officer) -> None:
    """In an answer, in what the phone says it scanned, and in a code on a photo."""
    made = devices.somebody()
    pictures = [
        replace(picture, jpeg=coded(MARKUP)) if picture.kind == "licence_back" else picture
        for picture in made.pictures()
    ]
    strange = {"source": "other_qr", "text": MARKUP, "fields": {"full_name": MARKUP}}
    answers = made.truth["answers"] | {"residence_line": MARKUP, "delivery_line": MARKUP}
    said = Said(readings=[*made.truth["readings"], strange], consents=made.said().consents)
    paper = await device.compose(answers, pictures, said)
    assert await device.send(paper) == {}
    await device.wait(paper, lambda status: status.group != "incomplete", within=60)
    shown = officer.awaits(paper.dossier)
    assert MARKUP not in json.dumps(shown)
    opened = officer.open(paper.dossier)
    assert opened["answers"]["residence_line"] == MARKUP
    assert officer.queue(q=MARKUP)["items"] == []


PICTURES: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"\xff",
    "text": lambda: b"MZ not a picture" * 100,
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "half a JPEG": lambda: coded("half")[:4000],
    "noise with a JPEG's head": lambda: (
        b"\xff\xd8\xff\xe0\x00\x10JFIF" + secrets.token_bytes(50_000)
    ),
    "a bomb": lambda: bomb(),
}


@pytest.mark.parametrize("kind", PICTURES)
async def test_pictures_that_are_none(
    server: Server, device: Device, officer: Officer, kind: str
) -> None:
    made = devices.somebody()
    pictures = [
        replace(one, jpeg=PICTURES[kind]()) if one.kind == "licence_front" else one
        for one in made.pictures()
    ]
    paper = await devices.composed(device, pictures=pictures)
    assert await device.send(paper) == {}
    status = await device.wait(
        paper,
        lambda one: one.code == "forwarded" or one.group in ("refused_input", "action_needed"),
        within=90,
    )
    assert status.sealed is not None
    findings = status.sealed["findings"]
    named = [one for one in findings if one["field"] == "photo:licence_front"]
    assert [one["code"] for one in named] == ["photo_unreadable"]
    assert [action for action, _ in devices.journal(server, paper.dossier)].count("accepted") == 1
    assert officer.open(paper.dossier)["findings"]


@pytest.mark.parametrize("year", [1971, 2009, 2041, 9998])
async def test_clocks_years_off(server: Server, device: Device, year: int) -> None:
    wrong = datetime(year, 3, 1, tzinfo=UTC)
    device.clock = lambda: wrong
    paper = await devices.composed(device)
    assert await device.send(paper) == {}
    status = await device.wait(paper, lambda one: one.code == "forwarded", within=90)
    assert status.sealed is not None
    assert status.sealed["filed_at"][:4] == str(datetime.now(UTC).year)
    assert status.sealed["dossier_code"]


async def test_the_whole_way_is_open_afterwards(server: Server) -> None:
    await devices.goes_through(server, seed=8)


def lines(server: Server, paper: Paper) -> list[tuple[str, str | None]]:
    return [(action, said.get("code")) for action, said in devices.journal(server, paper.dossier)]


def immutable(doc_id: str) -> dict[str, Any]:
    revision = secrets.token_hex(16)
    revisions = {"start": 1, "ids": [revision]}
    return {"_id": doc_id, "_rev": f"1-{revision}", "_revisions": revisions}


def multipart(chunk: Chunk, md5: str | None = None) -> tuple[bytes, str]:
    """The body of a chunk's PUT (RFC 2387) and its boundary."""
    boundary = secrets.token_hex(16)
    stub: dict[str, Any] = {
        "follows": True,
        "content_type": "application/octet-stream",
        "length": len(chunk.sealed),
    }
    if md5:
        stub |= {"digest": md5, "revpos": 1}
    document = json.dumps(chunk.document | {"_attachments": {"c": stub}}).encode()
    line = f"--{boundary}".encode()
    head = line + b"\r\ncontent-type: application/json\r\n\r\n" + document + b"\r\n" + line
    return head + b"\r\n\r\n" + chunk.sealed + b"\r\n" + line + b"--", boundary


def coded(text: str) -> bytes:
    """A JPEG with a QR code of `text`."""
    out = io.BytesIO()
    segno.make_qr(text).save(out, kind="png", scale=6)
    with Image.open(out) as picture:
        jpeg = io.BytesIO()
        picture.convert("RGB").save(jpeg, "JPEG", quality=85)
    return jpeg.getvalue()


def bomb() -> bytes:
    """A PNG of 20,000 × 20,000 pixels in a few dozen kilobytes."""
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG", optimize=True)
    return out.getvalue()
