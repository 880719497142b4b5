"""The SQLite file: connections and migrations (`user_version`)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw

MIGRATIONS = (
    """
    CREATE TABLE dbs(
        k INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, uuid TEXT NOT NULL,
        seq INTEGER NOT NULL DEFAULT 0, purges INTEGER NOT NULL DEFAULT 0,
        live INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE docs(
        db INTEGER NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, deleted INTEGER NOT NULL,
        leaves BLOB NOT NULL, tree BLOB NOT NULL, PRIMARY KEY(db, id)) WITHOUT ROWID;
    CREATE INDEX docs_by_seq ON docs(db, seq, id, deleted, leaves);
    CREATE TABLE revs(
        k INTEGER PRIMARY KEY, db INTEGER NOT NULL, id TEXT NOT NULL, rev TEXT NOT NULL,
        deleted INTEGER NOT NULL, body BLOB NOT NULL, atts BLOB);
    CREATE UNIQUE INDEX revs_by_id ON revs(db, id, rev);
    CREATE TABLE atts(
        db INTEGER NOT NULL, sha256 TEXT NOT NULL, length INTEGER NOT NULL,
        refs INTEGER NOT NULL, PRIMARY KEY(db, sha256)) WITHOUT ROWID;
    CREATE TABLE local(
        db INTEGER NOT NULL, id TEXT NOT NULL, rev INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY(db, id)) WITHOUT ROWID;
    """,
    """
    ALTER TABLE dbs ADD COLUMN security BLOB;
    """,
    """
    ALTER TABLE dbs ADD COLUMN revs_limit INTEGER NOT NULL DEFAULT 1000;
    """,
)


def connect(path: Path, *, readonly: bool = False) -> apsw.Connection:
    """A connection whose commits are durable (WAL, synchronous=FULL). `secure_delete` overwrites
    what is erased."""
    flags = (
        apsw.SQLITE_OPEN_READONLY
        if readonly
        else apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    )
    connection = apsw.Connection(str(path), flags=flags)
    connection.set_busy_timeout(10_000)
    if not readonly:
        connection.execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
            "PRAGMA wal_autocheckpoint=2000"
        )
    return connection


def migrate(connection: apsw.Connection) -> None:
    """Brings the file to the newest schema, one transaction a step. `RuntimeError` on a file that
    a newer program made."""
    version = int(connection.pragma("user_version"))
    if version > len(MIGRATIONS):
        raise RuntimeError(
            f"the document store has schema {version}, this program knows {len(MIGRATIONS)}"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(script)
        connection.execute(f"PRAGMA user_version={number}")
        connection.execute("COMMIT")


Row = tuple[Any, ...]


def rows(connection: apsw.Connection, sql: str, values: Sequence[Any] = ()) -> list[Row]:
    return connection.execute(sql, values).fetchall()


def row(connection: apsw.Connection, sql: str, values: Sequence[Any] = ()) -> Row | None:
    return connection.execute(sql, values).fetchone()
