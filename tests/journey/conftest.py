"""Every journey runs over the real app: a server process, its real stores, a real Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.bench.link import Link
from tests.journey.filled import Filled
from tests.journey.officer import Officer
from tests.journey.phone import Phone
from tests.journey.processes import Server
from tests.stores import couchdb, fresh_postgresql


@pytest.fixture
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of the stores: `embedded`, `postgresql`, or `couchdb` with PostgreSQL. A test names
    them by parametrizing; else the option `--stores` does."""
    wanted = getattr(request, "param", None) or request.config.getoption("--stores")
    with ExitStack() as opened:
        settings: dict[str, str] = {}
        if wanted == "couchdb":
            settings |= opened.enter_context(couchdb(tmp_path / "couchdb-credentials"))
        if wanted != "embedded":
            settings["DOIBANG_RECORD"] = opened.enter_context(fresh_postgresql())
        yield settings


@pytest.fixture
def embedded(request: pytest.FixtureRequest) -> None:
    """For a test that looks into the embedded stores' files."""
    if request.config.getoption("--stores") != "embedded":
        pytest.skip("it opens the embedded stores' files")


@pytest.fixture
def make_server(tmp_path: Path, stores: dict[str, str]) -> Iterator[Callable[..., Server]]:
    """Servers that end with the test, whatever it left running. One at a time in a store."""
    made: list[Server] = []

    def make(**environ: str) -> Server:
        folder = tmp_path / f"server-{len(made)}"
        folder.mkdir()
        made.append(Server(folder / "data", stores | environ))
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


@pytest.fixture(scope="session")
def fillings() -> Iterator[list[Filled]]:
    made: list[Filled] = []
    yield made
    for one in made:
        one.link.close()


@pytest.fixture(scope="module")
def filled(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory, fillings: list[Filled]
) -> Filled:
    """Filled in once a session: every test begins from a copy, one after the other."""
    if not fillings:
        fillings.append(Filled.make(playwright, Link(target=0), tmp_path_factory.mktemp("filled")))
    return fillings[0]
