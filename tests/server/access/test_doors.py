"""There is no way in besides those that the tables list."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from server.app import create_app
from server.settings import loopback_settings
from server.web.routes import api_routes


@pytest.mark.parametrize("sandbox", [False, True])
def test_the_whole_application(tmp_path: Path, sandbox: bool) -> None:
    app = create_app(loopback_settings(tmp_path, 8000, sandbox=sandbox))
    with TestClient(app):
        listed = {route.path for route in api_routes(app.state.parts)}
    paths = [route.path for route in app.routes if isinstance(route, Route | Mount)]
    assert len(paths) == len(app.routes)
    sandboxed = {path for path in paths if path.startswith("/sandbox")}
    assert set(paths) - listed - sandboxed == {"/db", "/{path:path}"}
    assert bool(sandboxed) is sandbox
    assert paths[-1] == "/{path:path}"
