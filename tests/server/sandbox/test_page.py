"""The trial page and the slow link."""

from __future__ import annotations

import io
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ocr.picture import read_picture
from server.sandbox.sandbox import Sandbox
from server.sandbox.switches import Switches
from server.sandbox.throttle import SlowLink
from server.settings import loopback_settings

ORIGIN = {"origin": "http://localhost:8000"}


async def demo_link(role: str) -> str:
    return f"http://localhost:8000/demo#token-of-{role}"


@pytest.fixture
def sandbox(tmp_path: Path) -> Sandbox:
    settings = loopback_settings(tmp_path, 8000)
    return Sandbox(settings, lambda: datetime(2026, 11, 22, 8, tzinfo=UTC), demo_link)


@pytest.fixture
def client(sandbox: Sandbox) -> TestClient:
    return TestClient(Starlette(routes=sandbox.routes()), follow_redirects=False)


def test_the_page_in_both_languages(client: TestClient) -> None:
    page = client.get("/sandbox")
    assert '<html lang="vi">' in page.text
    assert "MẪU" in page.text
    assert "Công tắc" in page.text
    assert "Switches" in client.get("/sandbox?lang=en&person=3").text


def test_nothing_runs_that_is_not_ours(client: TestClient) -> None:
    policy = client.get("/sandbox").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert client.get("/sandbox/page.js").status_code == 200
    assert client.get("/sandbox/page.css").status_code == 200


@pytest.mark.parametrize("person", ["-1", "<script>", "999999999999", "9" * 400, "٣"])
def test_odd_people_show_somebody(client: TestClient, person: str) -> None:
    page = client.get("/sandbox", params={"person": person})
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_every_picture_on_the_page_can_be_fetched_and_scanned(client: TestClient) -> None:
    page = client.get("/sandbox?person=1").text
    sources = {part.split('"')[0] for part in page.split('<img src="')[1:]}
    assert len(sources) == 6
    for source in sources:
        answer = client.get(source, params={"download": ""})
        assert "attachment" in answer.headers["content-disposition"]
        Image.open(io.BytesIO(answer.content)).verify()
    code = client.get(next(source for source in sources if "id_qr" in source)).content
    assert read_picture(code).kind == "id_card"
    assert client.get("/sandbox/papers/1/other.png").status_code == 404
    assert client.get("/sandbox/papers/1/id_qr.jpg").status_code == 404


def test_a_switch_is_thrown_and_shown(client: TestClient, sandbox: Sandbox) -> None:
    sent = {"authority_down": "on", "decider": "authority", "lang": "en", "person": "7"}
    answer = client.post("/sandbox/switches", data=sent, headers=ORIGIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sandbox?lang=en&person=7")
    assert sandbox.switches.authority_down is True
    assert sandbox.switches.decider == "authority"
    client.post("/sandbox/switches", data={"authority_down": "off"}, headers=ORIGIN)
    assert not sandbox.switches.authority_down


@pytest.mark.parametrize("sent", [{"decider": "me"}, {"authority_down": "desk"}])
def test_a_position_that_does_not_exist(
    client: TestClient, sandbox: Sandbox, sent: dict[str, str]
) -> None:
    before = sandbox.switches.positions()
    assert client.post("/sandbox/switches", data=sent, headers=ORIGIN).status_code == 422
    assert sandbox.switches.positions() == before


def test_other_sites_cannot_throw_switches(client: TestClient, sandbox: Sandbox) -> None:
    elsewhere: list[dict[str, str]] = [{}, {"origin": "https://evil.example"}]
    for headers in elsewhere:
        answer = client.post("/sandbox/switches", data={"refusal": "on"}, headers=headers)
        assert answer.status_code == 403
    assert not sandbox.switches.refusal
    huge = client.post("/sandbox/switches", content=b"a" * 10_000, headers=ORIGIN)
    assert huge.status_code == 413


def test_demo_links(client: TestClient, tmp_path: Path) -> None:
    answer = client.post("/sandbox/demo/clerk", headers=ORIGIN)
    assert answer.headers["location"].endswith("/demo#token-of-clerk")
    assert client.post("/sandbox/demo/admin", headers=ORIGIN).status_code == 403
    staging = loopback_settings(tmp_path, 8000, origin="https://trial.example")
    away = Sandbox(staging, lambda: datetime.now(UTC), demo_link)
    outside = TestClient(Starlette(routes=away.routes()))
    headers = {"origin": "https://trial.example"}
    assert outside.post("/sandbox/demo/clerk", headers=headers).status_code == 403
    assert "/sandbox/demo/" not in outside.get("/sandbox").text


def test_no_sandbox_where_it_is_off(tmp_path: Path) -> None:
    settings = loopback_settings(tmp_path, 8000, sandbox=False)
    with pytest.raises(ValueError, match="off"):
        Sandbox(settings, lambda: datetime.now(UTC))


def test_the_slow_link_paces_bodies_both_ways() -> None:
    async def echo(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    switches = Switches()
    client = TestClient(SlowLink(echo, switches, rate=20_000, delay=0.1))
    switches.slow_link = True
    start = time.monotonic()
    assert client.post("/", content=b"x" * 2_000).content == b"x" * 2_000
    assert time.monotonic() - start >= 0.3
