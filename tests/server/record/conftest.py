"""A fresh record: SQLite always, PostgreSQL too where DATABASE_URL names a server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.record.migrations import migrate
from server.record.store import Record, connect


@pytest.fixture(params=["sqlite", "postgresql"])
def record_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/record.db"
    url = os.environ.get("DATABASE_URL")
    if not url:
        pytest.skip("DATABASE_URL is not set: the record is tested on SQLite only")
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = connect(url)
    with engine.begin() as conn:
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url


@pytest.fixture
def record(record_url: str) -> Iterator[Record]:
    migrate(record_url)
    record = Record(record_url)
    yield record
    record.close()
