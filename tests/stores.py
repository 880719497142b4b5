"""The stores beyond one machine, where `DATABASE_URL` (PostgreSQL) and `COUCHDB_URL` name them:
fresh for each test, gone after it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

POSTGRESQL = os.environ.get("DATABASE_URL", "")
COUCHDB = os.environ.get("COUCHDB_URL", "")


@contextmanager
def fresh_postgresql() -> Iterator[str]:
    """The SQLAlchemy URL of a new database on that server."""
    if not POSTGRESQL:
        pytest.skip("DATABASE_URL is not set: no PostgreSQL")
    url = make_url(POSTGRESQL.replace("postgresql://", "postgresql+psycopg://", 1))
    name = f"doibang_test_{uuid4().hex[:12]}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as conn:
            conn.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield url.set(database=name).render_as_string(hide_password=False)
        finally:
            with server.connect() as conn:
                conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()


@contextmanager
def couchdb(credentials: Path) -> Iterator[dict[str, str]]:
    """Settings that name the CouchDB; what the test makes there goes with it, so one test at a time
    has it."""
    if not COUCHDB:
        pytest.skip("COUCHDB_URL is not set: no real CouchDB")
    parts = urlsplit(COUCHDB)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    credentials.write_text(f"{parts.username}:{parts.password}")
    mine = parts.username or "", parts.password or ""
    with _alone(), httpx2.Client(base_url=address, auth=mine) as http:
        before = set(http.get("/_all_dbs").raise_for_status().json())
        yield {
            "DOIBANG_DOCUMENTS": address,
            "DOIBANG_COUCHDB_CREDENTIALS": str(credentials),
        }
        for name in set(http.get("/_all_dbs").json()) - before:
            if name.startswith("drafts-"):
                http.delete(f"/{name}").raise_for_status()


@contextmanager
def _alone() -> Iterator[None]:
    """Among all processes of all runs on this machine."""
    with (Path(gettempdir()) / "doibang-couchdb.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
