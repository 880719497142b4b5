"""Every journey runs over the real app: a server process, its real stores, a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.journey.officer import Officer
from tests.journey.phone import Phone
from tests.journey.processes import Server


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Servers that end with the test, whatever it left running."""
    made: list[Server] = []

    def make(**environ: str) -> Server:
        folder = tmp_path / f"server-{len(made)}"
        folder.mkdir()
        made.append(Server(folder / "data", environ))
        return made[-1].start()

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def server(make_server: Callable[..., Server]) -> Server:
    return make_server()


@pytest.fixture
def make_officer() -> Iterator[Callable[[Server], Officer]]:
    made: list[Officer] = []

    def make(server: Server) -> Officer:
        made.append(Officer(server))
        return made[-1]

    yield make
    for officer in made:
        officer.close()


@pytest.fixture
def make_phone(playwright: Playwright, tmp_path: Path) -> Iterator[Callable[[Server], Phone]]:
    made: list[Phone] = []

    def make(server: Server) -> Phone:
        made.append(Phone(playwright, server.origin, tmp_path / f"phone-{len(made)}").switch_on())
        return made[-1]

    yield make
    for phone in made:
        phone.switch_off()
