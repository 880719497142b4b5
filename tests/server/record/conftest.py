"""A fresh record: SQLite always, PostgreSQL too where DATABASE_URL names a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from server.record.migrations import migrate
from server.record.store import Record, connect
from server.record.tables import metadata
from tests.server.fresh import record_file
from tests.stores import POSTGRESQL, fresh_postgresql


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str | None]:
    """A migrated database of its own on the server of DATABASE_URL; None without one."""
    if not POSTGRESQL:
        yield None
        return
    with fresh_postgresql() as url:
        migrate(url)
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def record_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgresql_url: str | None
) -> Iterator[str]:
    """A migrated record without rows."""
    if request.param == "postgresql":
        if postgresql_url is None:
            pytest.skip("DATABASE_URL is not set: the record is tested on SQLite only")
        yield postgresql_url
        empty(postgresql_url)
        return
    yield record_file(tmp_path / "record.db")


def empty(url: str) -> None:
    names = ", ".join(table.name for table in metadata.sorted_tables)
    engine = connect(url)
    with engine.begin() as conn:
        conn.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()


@pytest.fixture
def record(record_url: str) -> Iterator[Record]:
    record = Record(record_url)
    yield record
    record.close()
