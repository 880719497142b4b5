"""PouchDB 9 in Chromium against `python -m sync serve`, from a page of its own origin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.sync.conftest import ROOT, Served

CHROMIUM = Path("/usr/bin/chromium")
POUCHDB = ROOT / "pwa" / "node_modules" / "pouchdb" / "dist" / "pouchdb.js"
pytestmark = [
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Chromium is not installed"),
    pytest.mark.skipif(not POUCHDB.exists(), reason="pwa/node_modules is not installed"),
]


def test_two_devices_and_the_server_end_with_the_same(serve: Callable[[], Served]) -> None:
    served = serve()
    name, password = served.auth
    script = (ROOT / "tests" / "sync" / "pouchdb_page.js").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            http_credentials={
                "username": name,
                "password": password,
                "origin": served.url.rstrip("/"),
            }
        )
        page = context.new_page()
        page.goto(served.url)
        page.add_script_tag(path=POUCHDB)
        found = page.evaluate(script, [served.url, name, password])
        browser.close()
    phone, tablet, remote = found["said"]
    assert len(phone) == 63  # 61 documents, of two of them two leaves
    assert phone == tablet == remote
    assert found["conflicts"] == 1
