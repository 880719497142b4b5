"""What tests of several folders share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--stores",
        choices=["embedded", "postgresql", "couchdb"],
        default="embedded",
        help="where the journeys' servers keep their data; couchdb: with PostgreSQL too",
    )


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Ends with its module: its event loop runs in this thread, where the asynchronous tests of
    the next modules need their own."""
    with sync_playwright() as started:
        yield started
