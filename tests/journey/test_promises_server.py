"""What the server keeps for any phone: the phones here have no screen."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server.sandbox.device import Device
from server.sandbox.paper import Paper
from tests.bench.link import Link
from tests.journey import devices
from tests.journey.officer import Officer, client, eventually, switch
from tests.journey.processes import Server

pytestmark = pytest.mark.anyio
MakeServer = Callable[..., Server]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def line() -> Iterator[Link]:
    """The line between our server and the authority."""
    made = Link(target=0)
    yield made
    made.close()


@pytest.fixture
def server(make_server: MakeServer, line: Link) -> Server:
    running = make_server(
        DOIBANG_APPROVAL="authority",
        DOIBANG_AUTHORITY_URL=f"{line.origin}/sandbox/twins/authority",
        DOIBANG_AUTHORITY_USER="bacninh",
        DOIBANG_AUTHORITY_PASSWORD="trial",
    )
    line.target = running.port
    return running


@pytest.fixture
async def device(server: Server) -> AsyncIterator[Device]:
    async with devices.device(server) as made:
        yield made


def at_desk(officer: Officer, paper: Paper, state: str) -> dict[str, Any]:
    """What the desk shows of the forwarding, once it is in `state`."""

    def found() -> dict[str, Any] | None:
        rows = {row["dossier"] for row in officer.queue()["items"]}
        seen = officer.open(paper.dossier)["forwarding"] if paper.dossier in rows else None
        return seen if seen and seen["state"] == state else None

    return eventually(found, 90)


async def sent(device: Device, seed: int) -> Paper:
    paper = await devices.composed(device, seed=seed)
    assert await device.send(paper) == {}
    await device.wait(paper, lambda status: device.submission_arrived(paper, status))
    return paper


async def test_promise_10_every_forwarding_ends(
    server: Server, line: Link, device: Device, make_officer: Callable[[Server], Officer]
) -> None:
    """accepted, refused with a reason, retrying at a time, or parked for a person."""
    officer = make_officer(server)

    line.to_phone.delay = 2.0  # slow, but it answers
    slow = await sent(device, 21)
    assert at_desk(officer, slow, "accepted")["tries"] == 1
    line.fast()

    switch(server, replies_lost="on")
    lost = await sent(device, 22)
    assert at_desk(officer, lost, "accepted")["tries"] == 2
    switch(server, replies_lost="off")
    taken = json.loads((server.data / "sandbox" / "authority.json").read_text(encoding="utf-8"))
    assert [key for key in taken if lost.dossier in key] == [f"{lost.dossier}:approval:1"]

    switch(server, refusal="on")
    refused = await sent(device, 23)
    seen = at_desk(officer, refused, "refused")
    assert seen["reason"] == "Hồ sơ không thuộc thẩm quyền"
    assert officer.open(refused.dossier)["state"] == "parked"
    switch(server, refusal="off")

    switch(server, authority_down="on")  # answers 503
    down = await sent(device, 24)
    seen = at_desk(officer, down, "retrying")
    assert (seen["reason"], seen["retry_at"] > seen["since"]) == ("HTTP 503", True)
    shown = officer.awaits(down.dossier, "validated")["wait"]
    assert (shown["what"], bool(shown["next_try"])) == ("authority", True)
    told = await device.wait(down, lambda status: bool(status.sealed and status.sealed["wait"]))
    assert told.sealed and told.sealed["wait"]["what"] == "authority"
    switch(server, authority_down="off")
    officer.act(down.dossier, "try_now")
    at_desk(officer, down, "accepted")

    line.cut()  # nobody answers at all, for a fortnight
    outage = await sent(device, 25)
    assert at_desk(officer, outage, "retrying")["retry_at"]
    server.stop()
    server.move_clock(timedelta(days=15))
    server.start()
    officer = make_officer(server)
    assert at_desk(officer, outage, "parked")["tries"] > 1
    assert officer.open(outage.dossier)["state"] == "parked"
    line.up = True
    officer.act(outage.dossier, "resume")
    at_desk(officer, outage, "accepted")


def stored(server: Server, digest: str) -> Path:
    """The file that holds an attachment."""
    (file,) = server.data.glob(f"documents.sqlite*/**/{digest}")
    return file


def tampered(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def actions(server: Server, paper: Paper) -> list[str]:
    return [action for action, _ in devices.journal(server, paper.dossier)]


@pytest.mark.usefixtures("embedded")
async def test_promise_11_a_missing_photo_holds_validation(
    server: Server, device: Device, make_officer: Callable[[Server], Officer]
) -> None:
    paper = await devices.composed(device, seed=26)
    last = paper.chunks[-1]
    await device.push([paper.draft, paper.submission])
    for chunk in paper.chunks[:-1]:
        assert await device._put_chunk(chunk) == {}
    status = await device.wait(paper, lambda one: one.clear["missing"] == [last.id])
    assert (status.group, status.code) == ("incomplete", "incomplete")
    await devices.goes_through(server)  # the worker has been round since
    assert {"accepted", "opened"}.isdisjoint(actions(server, paper))
    assert paper.dossier not in {row["dossier"] for row in make_officer(server).queue()["items"]}

    assert await device._put_chunk(last) == {}
    await device.wait(paper, lambda one: one.code == "forwarded", within=90)
    assert actions(server, paper).index("accepted") < actions(server, paper).index("opened")


@pytest.mark.usefixtures("embedded")
async def test_promise_11_an_altered_photo_is_found_by_its_digest(
    server: Server, device: Device, make_officer: Callable[[Server], Officer]
) -> None:
    paper = await devices.composed(device, seed=27)
    await device.push([paper.draft, paper.submission])
    for chunk in paper.chunks[:-1]:
        assert await device._put_chunk(chunk) == {}
    first = paper.receipts()[paper.photos[0]["id"]][0]
    tampered(stored(server, first))
    assert await device._put_chunk(paper.chunks[-1]) == {}
    status = await device.wait(paper, lambda one: one.group == "refused_input")
    assert not device.submission_arrived(paper, status)
    assert ("refused", status.code) in [
        (action, said.get("code")) for action, said in devices.journal(server, paper.dossier)
    ]
    assert {"accepted", "opened"}.isdisjoint(actions(server, paper))

    whole = await sent(device, 28)  # altered after it was accepted: the desk gets an error instead
    await device.wait(whole, lambda one: one.code == "forwarded", within=90)
    photo = whole.photos[0]["id"]
    officer = make_officer(server)
    path = f"/api/desk/dossiers/{whole.dossier}/photos/{photo}"
    with client(server) as browser:
        for cookie in officer.cookies():
            browser.cookies.set(cookie["name"], cookie["value"])
        assert browser.get(path).content.startswith(b"\xff\xd8")
        tampered(stored(server, whole.receipts()[photo][0]))
        answer = browser.get(path)
    assert answer.status_code == 422
    assert answer.json()["code"] == "digest_mismatch"


async def test_promise_12_another_owners_database_is_one_that_does_not_exist(
    server: Server, device: Device
) -> None:
    paper = await sent(device, 6)
    draft, chunk = paper.draft["_id"], paper.chunks[0].id
    nowhere = f"/db/drafts-{'0' * 32}"
    async with devices.device(server) as other:
        for method, path in (
            ("GET", ""),
            ("PUT", ""),
            ("DELETE", ""),
            ("GET", "/_all_docs"),
            ("GET", "/_changes"),
            ("POST", "/_bulk_docs"),
            ("POST", "/_revs_diff"),
            ("GET", f"/{draft}"),
            ("PUT", f"/{draft}"),
            ("GET", f"/{chunk}/c"),
            ("GET", f"/_local/{device.device}"),
        ):
            body: Any = {} if method in ("POST", "PUT") else None
            answers = [
                await other.client.request(method, base + path, json=body, headers=other.bearer)
                for base in (device.database, nowhere)
            ]
            theirs, none = ((one.status_code, one.content) for one in answers)
            assert theirs == none, (method, path)
            assert theirs[0] == 404
    own = await device.client.get(f"{device.database}/{draft}", headers=device.bearer)
    assert own.json()["_id"] == draft
