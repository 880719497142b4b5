"""The whole server with the authority's twin, over real HTTP: decisions that it tells of itself."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from PIL import Image
from starlette.applications import Starlette

from server.app import create_app
from server.record import dossiers, journal
from server.sandbox.device import Device
from server.sandbox.paper import Picture
from server.sandbox.sandbox import Sandbox
from server.sandbox.twins.authority_push import Pusher
from server.settings import loopback_settings
from tests.server.fresh import record_file
from tests.server.sandbox.served import served
from tests.server.surface import ANSWERS

pytestmark = pytest.mark.anyio
SOUND = {"licence_issue_place": "Bắc Ninh", "revoked": False}
KINDS = ("licence_front", "licence_back", "portrait")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starlette]:
    folder: Path = tmp_path_factory.mktemp("server")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings = loopback_settings(folder, listener.getsockname()[1], approval="authority")
        record_file(Path(settings.record_url.removeprefix("sqlite:///")))
        made = create_app(settings)
        sandbox = made.state.parts.sandbox
        sandbox.authority.thinking = timedelta(seconds=0.2)
        sandbox.pusher.pause = 0.1
        with served(made, listener):
            yield made


@pytest.fixture
def sandbox(app: Starlette) -> Iterator[Sandbox]:
    made: Sandbox = app.state.parts.sandbox
    made.pusher.answers.clear()
    made.switches.set({"verdict": "reject"})
    yield made
    made.switches.set({"push": "off"})


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    origin = app.state.parts.settings.origin
    async with httpx2.AsyncClient(
        base_url=origin, headers={"origin": origin}, trust_env=False
    ) as made:
        yield made


def pictures() -> list[Picture]:
    """Readable, and small: nothing is read from them."""
    out = io.BytesIO()
    Image.new("RGB", (900, 1200), "grey").save(out, "JPEG")
    return [Picture(kind, out.getvalue(), 900, 1200) for kind in KINDS]


async def file(client: httpx2.AsyncClient) -> str:
    device = Device(client)
    await device.enrol()
    paper = await device.compose(ANSWERS | SOUND, pictures())
    assert await device.send(paper) == {}
    return paper.dossier


async def answered(pusher: Pusher, times: int) -> list[tuple[int, str]]:
    """What its pushes were answered, once there are so many that are not to be repeated."""
    with anyio.fail_after(30):
        while True:
            said = [one for one in pusher.answers if one != (409, "not_yet")]
            if len(said) >= times:
                return said[:times]
            await anyio.sleep(0.02)


def stands(app: Starlette, dossier: str) -> tuple[str, list[Any]]:
    """Its state, and how each change of it became known."""
    record = app.state.parts.record
    row = record.now(lambda conn: dossiers.load(conn, dossier))
    lines = record.now(lambda conn: journal.entries(conn, dossier))
    return row.state, [line.detail["told"] for line in lines if "told" in line.detail]


TAKEN = (200, "")


@pytest.mark.parametrize(
    ("mode", "answers"),
    [
        ("twice", [TAKEN, TAKEN]),
        ("crossed", [TAKEN, TAKEN]),
        ("cut", [TAKEN]),
    ],
)
async def test_however_it_is_told_it_counts_once(
    app: Starlette,
    sandbox: Sandbox,
    client: httpx2.AsyncClient,
    mode: str,
    answers: list[tuple[int, str]],
) -> None:
    sandbox.switches.set({"push": mode})
    dossier = await file(client)
    assert await answered(sandbox.pusher, len(answers)) == answers
    state, told = stands(app, dossier)
    assert (state, len(told)) == ("rejected", 1)  # a question may have been a moment faster


async def test_a_forged_decision_is_not_believed(
    app: Starlette, sandbox: Sandbox, client: httpx2.AsyncClient
) -> None:
    sandbox.switches.set({"push": "forged"})
    dossier = await file(client)
    assert await answered(sandbox.pusher, 1) == [(401, "signature_wrong")]
    assert "pushed" not in stands(app, dossier)[1]


async def test_signed_requests_that_make_no_sense(
    sandbox: Sandbox, client: httpx2.AsyncClient
) -> None:
    """Each is answered by a problem that says why, and none is an error of ours."""
    send = sandbox.pusher.post
    no_key = {"MaTrangThai": 10}
    wrong: list[tuple[dict[str, Any], int, str]] = [
        (no_key, 400, "malformed"),
        ({"khoaYeuCau": 7}, 400, "malformed"),
        ({"khoaYeuCau": "x" * 200, "MaTrangThai": 4}, 400, "malformed"),
        ({"khoaYeuCau": "a:approval:1"}, 400, "malformed"),
        ({"khoaYeuCau": "a:approval:1", "MaTrangThai": True}, 400, "malformed"),
        ({"khoaYeuCau": "a:approval:1", "MaTrangThai": 11}, 400, "malformed"),
        ({"khoaYeuCau": "a:approval:1", "MaTrangThai": 10}, 400, "malformed"),
        (
            {
                "khoaYeuCau": "a:approval:1",
                "MaTrangThai": 8,
                "NgayQuyetDinh": "01/13/2026 00:00:00",
            },
            400,
            "malformed",
        ),
        ({"khoaYeuCau": "a:approval:1", "MaTrangThai": 4, "lyDo": "\ud800"}, 400, "malformed"),
        ({"khoaYeuCau": "a:approval:1", "MaTrangThai": 4}, 404, "unknown"),
    ]
    for message, status, code in wrong:
        answer = await send(message)
        assert (answer.status_code, answer.json()["code"]) == (status, code), message
    for body in (b"", b"{", b"\xff", b"[]", b"[" * 60_000):
        assert (await send(body)).json()["code"] == "malformed"
    assert (await send({"khoaYeuCau": "x" * 70_000})).status_code == 413


async def test_a_push_that_is_sent_again_as_it_was_is_not_taken(
    sandbox: Sandbox, client: httpx2.AsyncClient
) -> None:
    body = json.dumps({"khoaYeuCau": "a:approval:1", "MaTrangThai": 4}).encode()
    headers = sandbox.pusher.signed(body)
    codes = []
    for _ in range(2):
        answer = await client.post("/api/authority/decisions", content=body, headers=headers)
        codes.append(answer.json()["code"])
    assert codes == ["unknown", "signature_replayed"]
