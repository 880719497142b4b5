from __future__ import annotations

import subprocess
import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from server.record.migrations import migrate
from server.record.store import connect
from server.record.tables import metadata
from tests.stores import fresh_postgresql


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


def test_servers_that_start_at_once_migrate_one_after_the_other() -> None:
    with fresh_postgresql() as url:
        text = "import sys; from server.record.migrations import migrate; migrate(sys.argv[1])"
        command = [sys.executable, "-c", text, url]
        started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
        said = [process.communicate(timeout=120)[1].decode() for process in started]
        assert [process.returncode for process in started] == [0, 0, 0], said
