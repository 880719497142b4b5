"""The whole server: as one application in this process, and as a process of its own."""

from __future__ import annotations

import re
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import loopback_settings
from tests.journey.processes import Server


def test_everything_is_mounted(tmp_path: Path) -> None:
    with TestClient(create_app(loopback_settings(tmp_path, 8000))) as client:
        assert client.get("/readyz").status_code == 200
        said = client.get("/api/keys").json()
        assert said["keys"][0]["kid"]
        assert said["trial"] is True
        assert client.get("/api/nothing").headers["content-type"] == "application/problem+json"
        assert client.get("/db/drafts-" + "0" * 32).json()["error"] == "unauthorized"
        assert client.get("/sandbox").status_code == 200
        login = {"username": "doibang", "password": "sandbox"}
        twin = client.post("/sandbox/twins/authority/mapi/login", json=login)
        assert twin.json()["error_code"] == "0"


def test_without_the_sandbox_there_is_none(tmp_path: Path) -> None:
    settings = loopback_settings(tmp_path, 8000, sandbox=False)
    lines: list[str] = []
    with TestClient(create_app(settings, announce=lines.extend)) as client:
        assert client.get("/sandbox").status_code == 404
        assert client.post("/sandbox/twins/authority/mapi/login", json={}).status_code in (404, 405)
    assert "DEMO" not in "".join(lines)


def test_the_console_shows_what_to_open(tmp_path: Path) -> None:
    lines: list[str] = []
    settings = loopback_settings(tmp_path, 8000)
    clock = datetime(2026, 11, 22, 8, tzinfo=UTC)
    with TestClient(
        create_app(settings, lambda: clock, announce=lines.extend), base_url=settings.origin
    ) as client:
        said = "\n".join(lines)
        assert f"{settings.origin}/sandbox" in said
        assert lines[-1] == "READY"
        links = re.findall(r"DEMO (clerk|officer) .*http://localhost:8000/demo#(\S+)", said)
        assert [role for role, _ in links] == ["clerk", "officer"]
        origin = {"origin": settings.origin}
        for role, token in links:
            opened = client.post("/api/demo", json={"token": token}, headers=origin)
            assert opened.json()["role"] == role
            again = client.post("/api/demo", json={"token": token}, headers=origin)
            assert again.status_code == 404


def test_the_server_ends_when_its_worker_dies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    raised: list[int] = []
    monkeypatch.setattr("server.app.signal.raise_signal", raised.append)
    app = create_app(loopback_settings(tmp_path, 8000))

    async def die() -> None:
        raise RuntimeError("out of luck")

    monkeypatch.setattr(app.state.parts.worker, "run", die)
    with TestClient(app) as client:
        client.get("/healthz")
    assert raised == [signal.SIGTERM]
    assert "the worker died" in caplog.text


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "var")


def test_a_second_start_changes_no_data(server: Server) -> None:
    server.start()
    keys = sorted(path.name for path in (server.data / "keys").iterdir())
    clerk = server.demo["clerk"]
    server.stop()
    server.start()
    try:
        assert sorted(path.name for path in (server.data / "keys").iterdir()) == keys
        assert server.demo["clerk"] != clerk
        assert "Traceback" not in server.log.read_text()
    finally:
        server.stop()


def test_a_data_folder_has_one_server(server: Server, tmp_path: Path) -> None:
    server.start()
    try:
        with pytest.raises(RuntimeError) as ended:
            Server(server.data).start()
        assert "Another process uses" in str(ended.value)
        assert "Traceback" not in str(ended.value)
    finally:
        server.stop()
