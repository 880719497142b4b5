"""The record as a file: SQLite by its own online backup, PostgreSQL by pg_dump and pg_restore."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

from server.record import chain
from server.record.store import connect

SQLITE, POSTGRESQL = "record.sqlite", "record.dump"


class BackupFailed(Exception):
    """In a sentence for the administrator."""


def back_up(url: str, folder: Path) -> str:
    """Writes one consistent snapshot into `folder` while the record is in use; the file's name."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        source, copy = _open(Path(parts.database or "")), sqlite3.connect(folder / SQLITE)
        with closing(source), closing(copy):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        _sync(folder / SQLITE)
        return SQLITE
    _run("pg_dump", parts, "--format=custom", f"--file={folder / POSTGRESQL}")
    _sync(folder / POSTGRESQL)
    return POSTGRESQL


def journal_head(url: str) -> str | None:
    """The head of the journal's chain, for the backup's manifest; None before it was chained."""
    engine = connect(url)
    try:
        if "link" not in {column["name"] for column in inspect(engine).get_columns("journal")}:
            return None
        with engine.connect().execution_options(reads=True) as conn:
            return str(chain.head(conn))
    finally:
        engine.dispose()


def prove_journal(url: str, head: str | None) -> None:
    """Walks the chain of a restored journal up to the head its backup noted. BackupFailed."""
    if head is None:
        return
    engine = connect(url)
    try:
        with engine.connect().execution_options(reads=True) as conn:
            chain.verify(conn, [chain.Head.of(head)])
    except chain.Broken as broken:
        raise BackupFailed(f"the journal is not what was backed up: {broken}") from None
    finally:
        engine.dispose()


def prove(file: Path) -> None:
    """Raises BackupFailed where the file is damaged."""
    if file.name == POSTGRESQL:
        listed = subprocess.run(  # noqa: S603
            ["pg_restore", "--list", str(file)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = "ok" if listed.returncode == 0 else listed.stderr.strip()
    else:
        try:
            with closing(_open(file)) as found:
                ((verdict,),) = found.execute("PRAGMA integrity_check(1)").fetchall()
        except sqlite3.Error as error:
            verdict = str(error)
    if verdict != "ok":
        raise BackupFailed(f"{file}: {verdict}")


def restore(file: Path, url: str) -> None:
    """Into an empty record of the same kind. BackupFailed where there is one, or the kinds
    differ."""
    parts = make_url(url)
    kind = SQLITE if parts.get_backend_name() == "sqlite" else POSTGRESQL
    if file.name != kind:
        raise BackupFailed(f"{file.name} does not fit the record that DOIBANG_RECORD names")
    if kind == SQLITE:
        target = Path(parts.database or "")
        if target.exists():
            raise BackupFailed(f"{target} exists; move it away first")
        target.parent.mkdir(parents=True, exist_ok=True)
        with closing(_open(file)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    engine = connect(url)
    try:
        if tables := inspect(engine).get_table_names():
            raise BackupFailed(f"the PostgreSQL database is not empty ({len(tables)} tables)")
    finally:
        engine.dispose()
    _run("pg_restore", parts, "--exit-on-error", "--no-owner", str(file))


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{file}?mode=ro", uri=True)


def _run(program: str, url: URL, *arguments: str) -> None:
    """The password goes by the environment: a process list shows arguments. What else the URL says
    (`passfile`, `sslmode`, …) is libpq's, and goes with the database's name."""
    given = {"host": url.host, "port": url.port, "username": url.username}
    where = [f"--{name}={value}" for name, value in given.items() if value is not None]
    environment = {**os.environ, "PGPASSWORD": url.password or ""}
    options = {name: str(value) for name, value in url.query.items()}
    database = make_conninfo(dbname=url.database, **options)
    command = [program, *where, f"--dbname={database}", "--no-password", *arguments]
    try:
        done = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise BackupFailed(f"{program} is not installed (Debian: postgresql-client)") from None
    if done.returncode:
        raise BackupFailed(f"{program}: {done.stderr.strip()[:500]}")


def _sync(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
