"""What tests of several folders share."""

from __future__ import annotations

import os
import random
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


@pytest.fixture
def seed() -> int:
    """What a randomised test draws from: printed with a failure, set again by `SEED=<number>`."""
    found = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
    print(f"SEED={found}")
    return found
