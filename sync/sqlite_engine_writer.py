"""The writer thread: everything that is queued becomes one transaction and one fsync."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

import apsw

from sync.model import Unavailable
from sync.sqlite_engine_schema import Row, row, rows

T = TypeVar("T")
log = logging.getLogger("sync.sqlite_engine")
GROUP = 256
_STORE_FAILED = (
    apsw.FullError,
    apsw.IOError,
    apsw.CantOpenError,
    apsw.ReadOnlyError,
    apsw.BusyError,
)


@dataclass(slots=True)
class Transaction:
    """What one item works with: the connection, and what is to happen once it is durable."""

    connection: apsw.Connection
    changed: set[str] = field(default_factory=set)
    unlink: list[tuple[int, str]] = field(default_factory=list)

    def row(self, sql: str, *values: Any) -> Row | None:
        return row(self.connection, sql, values)

    def rows(self, sql: str, *values: Any) -> list[Row]:
        return rows(self.connection, sql, values)

    def run(self, sql: str, *values: Any) -> int:
        """The number of rows that changed."""
        rows(self.connection, sql, values)
        return self.connection.changes()


@dataclass(slots=True)
class _Item:
    work: Callable[[Transaction], Any]
    future: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop
    value: Any = None
    failure: BaseException | None = None

    def resolve(self) -> None:
        if self.future.done():  # the caller went away; the commit stays
            return
        if self.failure is not None:
            self.future.set_exception(self.failure)
        else:
            self.future.set_result(self.value)


class Writer:
    """Runs items in their order on its own thread and connection, at most `GROUP` to a commit.
    Each item has a savepoint, so one that raises fails alone. Futures resolve after the commit
    only."""

    def __init__(
        self, connection: apsw.Connection, committed: Callable[[Transaction], None]
    ) -> None:
        """`committed` runs on the writer thread after each commit, before the futures resolve."""
        self._connection = connection
        self._committed = committed
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._closed = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="sync-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Transaction], T]) -> asyncio.Future[T]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._lock:
            if self._closed:
                raise Unavailable("The store is closed.")
            self._queue.put(_Item(work, future, loop))
        return future

    def close(self) -> None:
        """Blocks until everything that was accepted is committed."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (item := self._queue.get()) is not None:
            group, last = self._take(item)
            self._commit(group)
            _deliver(group)
            if last:
                break

    def _take(self, first: _Item) -> tuple[list[_Item], bool]:
        group = [first]
        while len(group) < GROUP:
            try:
                item = self._queue.get_nowait()
            except Empty:
                break
            if item is None:
                return group, True
            group.append(item)
        return group, False

    def _commit(self, group: list[_Item]) -> None:
        together = Transaction(self._connection)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for item in group:
                self._apply(item, together)
            self._connection.execute("COMMIT")
        except apsw.Error as error:
            self._roll_back()
            for item in group:
                item.failure = Unavailable(f"The store could not write: {error}")
            return
        self._committed(together)

    def _roll_back(self) -> None:
        """Where even that fails, the next group fails too: refused clearly until a new start."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except apsw.Error:
            log.exception("the store could not take back a transaction")

    def _apply(self, item: _Item, together: Transaction) -> None:
        own = Transaction(self._connection)
        self._connection.execute("SAVEPOINT item")
        try:
            item.value = item.work(own)
        except _STORE_FAILED:
            raise
        except Exception as error:
            item.failure = error
            self._connection.execute("ROLLBACK TO item; RELEASE item")
            return
        self._connection.execute("RELEASE item")
        together.changed |= own.changed
        together.unlink += own.unlink


def _deliver(group: list[_Item]) -> None:
    for loop in {item.loop for item in group}:
        mine = [item for item in group if item.loop is loop]
        try:
            loop.call_soon_threadsafe(_resolve, mine)
        except RuntimeError:  # the loop is closed: nobody is left to tell
            continue


def _resolve(items: list[_Item]) -> None:
    for item in items:
        item.resolve()
