"""A new record in a few milliseconds: one real migration a session, then copies of its file."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from server.record.migrations import migrate


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "record.db")
        migrate(f"sqlite:///{file}")
        assert not file.with_name("record.db-wal").exists()
        return file.read_bytes()


def record_file(file: Path) -> str:
    """Writes a migrated record without rows; its URL."""
    file.write_bytes(_migrated())
    return f"sqlite:///{file}"
