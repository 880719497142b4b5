"""CouchDB's own replicator to `python -m sync serve` and back, where `COUCHDB_URL` names a CouchDB
(with an administrator's name and password in it): equal databases in the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import pytest

from tests.sync.conformance.play import client
from tests.sync.conftest import Served
from tests.sync.databases import change, fill, whole

COUCHDB = os.environ.get("COUCHDB_URL", "")
pytestmark = pytest.mark.skipif(not COUCHDB, reason="COUCHDB_URL is not set: no real CouchDB")


@pytest.fixture
def ours(serve: Callable[[], Served]) -> Iterator[tuple[httpx2.Client, str]]:
    url = serve().url_with_user
    with client(url) as http:
        yield http, url


@pytest.fixture
def theirs() -> Iterator[tuple[httpx2.Client, str]]:
    """A new database's client and name; it is gone afterwards."""
    name = f"replicated-{uuid4().hex}"
    with client(COUCHDB) as http:
        http.put(f"/{name}", params={"q": "1"}).raise_for_status()
        yield http, name
        http.delete(f"/{name}").raise_for_status()


def replicate(couchdb: httpx2.Client, source: str, target: str) -> dict[str, Any]:
    """What the replicator says of one run between two addresses."""
    asked = {"source": _end(source), "target": _end(target)}
    answer = couchdb.post("/_replicate", json=asked, timeout=60)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    assert said["ok"], said
    return said


def _end(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    basic = {"username": parts.username, "password": parts.password}
    address = f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"
    return {"url": address, "auth": {"basic": basic}}


def test_from_couchdb_to_us_and_back(
    ours: tuple[httpx2.Client, str], theirs: tuple[httpx2.Client, str]
) -> None:
    (here, url), (there, db) = ours, theirs
    couch = f"{COUCHDB.rstrip('/')}/{db}"
    fill(there, db)
    here.put("/copy").raise_for_status()
    replicate(there, couch, f"{url}/copy")
    assert whole(here, "copy") == whole(there, db)
    change(here, "copy", "here")
    change(there, db, "there")  # of the same documents: conflicts
    replicate(there, f"{url}/copy", couch)
    replicate(there, couch, f"{url}/copy")
    everything = whole(here, "copy")
    assert everything == whole(there, db)
    assert len(everything["d3"]) == 2 and len(everything["p"]) == 2
    winners = [http.get(f"/{name}/d3").json() for http, name in ((here, "copy"), (there, db))]
    assert winners[0] == winners[1]
    again = replicate(there, couch, f"{url}/copy")
    assert again.get("no_changes") or again["history"][0]["docs_written"] == 0


def test_from_us_to_couchdb(
    ours: tuple[httpx2.Client, str], theirs: tuple[httpx2.Client, str]
) -> None:
    (here, url), (there, db) = ours, theirs
    here.put("/origin").raise_for_status()
    fill(here, "origin")
    couch = f"{COUCHDB.rstrip('/')}/{db}"
    replicate(there, f"{url}/origin", couch)
    assert whole(there, db) == whole(here, "origin")
    change(here, "origin", "later")
    replicate(there, f"{url}/origin", couch)
    assert whole(there, db) == whole(here, "origin")


def test_between_two_of_ours(ours: tuple[httpx2.Client, str]) -> None:
    """CouchDB only carries: it reads from us and writes to us."""
    here, url = ours
    for name in ("a", "b"):
        here.put(f"/{name}").raise_for_status()
    fill(here, "a")
    with client(COUCHDB) as couchdb:
        replicate(couchdb, f"{url}/a", f"{url}/b")
    assert whole(here, "b") == whole(here, "a")
