from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from server.record.migrations import migrate
from server.record.store import connect
from server.record.tables import metadata


def test_the_newest_migration_gives_the_tables_of_the_code(record_url: str) -> None:
    migrate(record_url)
    engine = connect(record_url)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(record_url: str) -> None:
    migrate(record_url)
    migrate(record_url)
