"""The record's connection: one transaction a call, in a thread."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

from server.record import chain

# Whoever passes a transaction on names its type from here: SQLAlchemy stays in this package.
__all__ = ["Connection", "Record", "connect", "insert"]

T = TypeVar("T")
Insert = sqlite.Insert | postgresql.Insert


class Record:
    """`url`: SQLAlchemy's, `sqlite:///path` or `postgresql+psycopg://…`. Tables: `migrate(url)`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        self._one_writer = self.engine.dialect.name == "sqlite"
        self._writers = ThreadPoolExecutor(1 if self._one_writer else 4, "record-write")
        self._readers = ThreadPoolExecutor(4, "record-read")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """One transaction: committed when `work` returns, rolled back when it raises. On SQLite it
        begins IMMEDIATE, one after the other; the commit is on the disk when this returns."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self.now, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """A transaction that only reads, beside the writers."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def glance(self, work: Callable[[Connection], T]) -> T:
        """`read` of a row or two. On SQLite in the loop's own thread, where it takes less time than
        to ask another one."""
        return self._read(work) if self._one_writer else await self.read(work)

    def now(self, work: Callable[[Connection], T]) -> T:
        """`run` in the caller's own thread, for commands."""
        with self.engine.begin() as conn:
            done = work(conn)
            chain.extend(conn)
            return done

    def _read(self, work: Callable[[Connection], T]) -> T:
        with self.engine.connect().execution_options(reads=True) as conn:
            return work(conn)

    def close(self) -> None:
        """Finishes the calls under way."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.engine.dispose()


def connect(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_size=8)
    engine = create_engine(url, pool_size=8)

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # this module begins transactions, not the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=10000",
            "secure_delete=ON",  # an erased name leaves no bytes behind
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        reads = conn.get_execution_options().get("reads", False)
        driver: Any = conn.connection.dbapi_connection
        driver.execute("BEGIN" if reads else "BEGIN IMMEDIATE")  # past SQLAlchemy: 10 times faster

    return engine


def insert(conn: Connection, table: Table) -> Insert:
    """The dialect's INSERT, for `on_conflict_do_nothing` and `on_conflict_do_update`."""
    if conn.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
