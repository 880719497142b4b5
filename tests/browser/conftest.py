"""The built app and its server in a real Chromium, and the core's modules inside a page."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright

from tests.journey.phone import ARGS
from tests.journey.processes import CHECKOUT, Server


@pytest.fixture(scope="session")
def core(tmp_path_factory: pytest.TempPathFactory) -> str:
    """JavaScript of the phone's core as one module."""
    out = tmp_path_factory.mktemp("core")
    command = ["node", str(Path(__file__).with_name("build_core.mjs")), str(out)]
    subprocess.run(command, check=True, cwd=CHECKOUT, timeout=120)
    return (out / "core.js").read_text(encoding="utf-8")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data").start()
    yield running
    running.stop()


@pytest.fixture
def context(playwright: Playwright, server: Server, core: str) -> Iterator[BrowserContext]:
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
    made = browser.new_context(base_url=server.origin, locale="vi-VN")
    made.route("**/core.js", lambda route: route.fulfill(body=core, content_type="text/javascript"))
    yield made
    browser.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return ready(context.new_page())


def ready(page: Page) -> Page:
    """The home page with its service worker in charge and the core at `core`."""
    page.goto("/")
    page.evaluate(
        """async () => {
          await navigator.serviceWorker.ready;
          if (!navigator.serviceWorker.controller)
            await new Promise((done) =>
              navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }));
          window.core = await import("/core.js");
        }"""
    )
    return page


@pytest.fixture
def jpeg() -> Callable[[int], list[int]]:
    """Bytes that begin as a JPEG does."""
    return lambda size: [0xFF, 0xD8, *os.urandom(size - 2)]


def fill(page: Page, jpeg: list[int], mode: str = "own") -> str:
    """A vault behind a PIN with one complete dossier of a motorcycle rider; its id."""
    dossier: Any = page.evaluate(FILL, [jpeg, mode])
    return str(dossier)


FILL = """async ([bytes, mode]) => {
  const { vault, drafts } = core;
  if (!vault.current())
    await vault.createVault({ mode, guard: { kind: "pin", pin: "250861" } });
  const draft = (window.draft = await drafts.create({ procedure: "doi", licence_held: "card" }));
  const now = new Date().toISOString();
  await draft.setAll({
    reason: "expiring", full_name: "Nguyễn Văn Mẫu", date_of_birth: "1990-03-15", sex: "male",
    nationality: "Việt Nam", identity_number: "027090000123", residence_line: "Thôn Ví Dụ",
    residence_commune: "09466", residence_province: "24", phone: "+84912345678",
    licence_number: "751195002226", licence_regime: "2025", licence_class: "A1",
    licence_issue_date: "2025-04-10", licence_expiry: "unlimited", requested_class: "A1",
    revoked: false, delivery_method: "post", delivery_line: "Thôn Ví Dụ",
    delivery_commune: "09466",
    "consent.process": { purpose: "process", version: "2026-11-22", given_at: now },
    "consent.delivery": { purpose: "delivery", version: "2026-11-22", given_at: now },
  });
  const photo = new Blob([new Uint8Array(bytes)], { type: "image/jpeg" });
  for (const kind of ["licence_front", "licence_back", "portrait"])
    await draft.addPhoto(kind, photo, { width: 1600, height: 1009 });
  return draft.dossier;
}"""
