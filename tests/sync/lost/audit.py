"""Looks at the engine's folder from outside: does everything that is counted add up?"""

from __future__ import annotations

import hashlib
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import orjson


def audit(folder: Path, *, swept: bool = False) -> None:
    """SQLite finds no damage; counts, sizes and references are what the rows add up to; each
    attachment is a file of its bytes. The store may be open, but nobody may write meanwhile.
    `swept`: and no file lies there that nothing names."""
    file = folder / "documents.sqlite"
    attachments = folder / "documents.sqlite-attachments"
    with closing(apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)) as store:
        assert store.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for key in [row[0] for row in store.execute("SELECT k FROM dbs")]:
            assert isinstance(key, int)
            _audit_database(store, key, attachments)
        for table in ("docs", "revs", "atts", "local"):
            sql = f"SELECT count(*) FROM {table} WHERE db NOT IN (SELECT k FROM dbs)"
            assert store.execute(sql).fetchone() == (0,), f"{table} without a database"
        named = {(str(db), sha256) for db, sha256 in store.execute("SELECT db, sha256 FROM atts")}
    left = {(file.parent.name, file.name) for file in attachments.glob("*/*/*")} - named
    assert not swept or not left, "files that nothing names"


def _audit_database(store: apsw.Connection, key: int, files: Path) -> None:
    def rows(sql: str) -> list[Any]:
        return store.execute(sql, (key,)).fetchall()

    ((seq, live, dead, size),) = rows("SELECT seq, live, dead, bytes FROM dbs WHERE k=?")
    ((highest, alive, gone),) = rows(
        "SELECT ifnull(max(seq), 0), ifnull(sum(NOT deleted), 0), ifnull(sum(deleted), 0) "
        "FROM docs WHERE db=?"
    )
    assert (live, dead) == (alive, gone) and seq >= highest
    ((stored,),) = rows(
        "SELECT (SELECT ifnull(sum(length(body)), 0) FROM revs WHERE db=?1) "
        "+ (SELECT ifnull(sum(length), 0) FROM atts WHERE db=?1) "
        "+ (SELECT ifnull(sum(length(body)), 0) FROM local WHERE db=?1)"
    )
    assert size == stored
    named: dict[str, int] = {}
    for (packed,) in rows("SELECT atts FROM revs WHERE db=? AND atts IS NOT NULL"):
        for sha256 in {each[5] for each in orjson.loads(packed)}:
            named[sha256] = named.get(sha256, 0) + 1
    assert dict(rows("SELECT sha256, refs FROM atts WHERE db=?")) == named
    for sha256 in named:
        data = (files / f"{key % 256:02x}" / str(key) / sha256).read_bytes()
        assert hashlib.sha256(data).hexdigest() == sha256, "a torn attachment"
    ((bodiless,),) = rows(
        "SELECT count(*) FROM docs, json_each(docs.leaves) WHERE docs.db=?1 AND NOT EXISTS "
        "(SELECT 1 FROM revs WHERE db=?1 AND id=docs.id AND rev=json_each.value)"
    )
    assert bodiless == 0, "a leaf without a body"
