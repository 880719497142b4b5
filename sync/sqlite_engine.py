"""The embedded engine: many logical databases in one SQLite file, attachments as files beside it.

One process owns the file (a lock beside it says so). Reads run on the calling thread, writes on the
writer thread, attachment bytes in a small pool. See `engine.Engine` for what every method promises.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import apsw
import orjson

from sync import sqlite_engine_erase as erase
from sync import sqlite_engine_lists as lists
from sync import sqlite_engine_local as local
from sync.checks import check_database_name, check_revs_limit, encode_body
from sync.engine import Style
from sync.model import (
    Attachment,
    BadRequest,
    Body,
    ChangesPage,
    DatabaseInfo,
    Document,
    DocumentRow,
    Edit,
    Leaf,
    LocalDocument,
    Missing,
    NotFound,
    Revision,
    RevisionInfo,
    RevsDiff,
    SyncError,
    Unavailable,
    UpdatesPage,
    WriteResult,
)
from sync.sqlite_engine_edits import Edits
from sync.sqlite_engine_files import AttachmentFiles, attachments_beside
from sync.sqlite_engine_read import Reader
from sync.sqlite_engine_schema import connect, migrate
from sync.sqlite_engine_writer import Transaction, Writer
from sync.update_log import UpdateLog
from sync.waiters import Waiters

T = TypeVar("T")
log = logging.getLogger("sync.sqlite_engine")
_PIECE = 1 << 20


class SqliteEngine:
    """`file` is the SQLite file; beside it `<file>-attachments/` and `<file>-lock`. All are made
    if they are not there."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _own(file)
        try:
            self._connection = connect(file)
            migrate(self._connection)
        except apsw.Error as error:
            os.close(self._lock)
            raise Unavailable(f"{file} cannot be opened: {error}") from None
        self._log = UpdateLog(self._every_name)
        self._files = AttachmentFiles(attachments_beside(file))
        self._waiters = Waiters()
        self._reader = Reader(file)
        self._writer = Writer(self._connection, self._committed)
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="sync-files")
        self._edits = Edits(self._reader, self._writer, self._files, self._pool)
        self._pool.submit(self._sweep, time.time())

    def _every_name(self) -> list[str]:
        return self._reader.names("", -1)

    def _committed(self, tx: Transaction) -> None:
        self._waiters.wake(tx.changed)
        if tx.changed:
            self._log.note(tx.changed)
        if tx.unlink:
            try:
                self._files.remove(tx.unlink)
            except OSError:
                log.exception("attachment files stay until the next start's sweep")

    def _sweep(self, before: float) -> None:
        try:
            swept = self._files.sweep(before, self._reader.has_attachment)
        except (OSError, SyncError):
            log.exception("orphan attachment files were not swept")
        else:
            log.info("swept %d orphan attachment files", swept)

    async def _in_pool(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    # databases

    async def create(self, db: str) -> bool:
        check_database_name(db)
        if self._reader.find(db) is not None:
            return False
        made = await self._writer.submit(partial(local.create_database, name=db, uuid=uuid4().hex))
        self._reader.forget(db)
        if made:
            self._log.note([db], "created")
        return made

    async def delete(self, db: str) -> None:
        self._reader.forget(db)
        self._reader.database(db)
        key = await self._writer.submit(partial(erase.delete_database, name=db))
        self._reader.forget(db)
        self._log.note([db], "deleted")
        try:
            await self._in_pool(partial(self._files.remove_all, key))
        except OSError:  # a write under way put a file there, which goes with its refusal
            log.exception("attachment files stay until the next start's sweep")

    async def exists(self, db: str) -> bool:
        return self._reader.find(db) is not None

    async def info(self, db: str) -> DatabaseInfo:
        row = self._reader.database(db)
        return DatabaseInfo(
            name=row.name,
            doc_count=row.live,
            doc_del_count=row.dead,
            update_seq=row.write_seq(row.seq),
            purge_seq=row.write_seq(row.purges),
            bytes=row.bytes,
            uuid=row.uuid,
        )

    async def databases(self, start: str = "", limit: int = 1000) -> list[str]:
        return self._reader.names(start, limit)

    async def updates(self, since: str = "0", seconds: float = 0) -> UpdatesPage:
        return await self._log.after(since, seconds)

    async def security(self, db: str) -> Body:
        text = self._reader.security(self._reader.key(db))
        found: Body = orjson.loads(text) if text else {}
        return found

    async def set_security(self, db: str, security: Body) -> None:
        key = self._reader.key(db)
        text = orjson.dumps(security)
        await self._writer.submit(partial(local.put_security, db=key, text=text))

    async def revs_limit(self, db: str) -> int:
        return self._reader.revs_limit(self._reader.key(db))

    async def set_revs_limit(self, db: str, limit: int) -> None:
        check_revs_limit(limit)
        key = self._reader.key(db)
        await self._writer.submit(partial(local.put_revs_limit, db=key, limit=limit))

    # reading

    async def get(self, db: str, doc_id: str, rev: Revision | None = None) -> Document:
        return self._reader.document(self._reader.key(db), doc_id, rev)

    async def leaves(self, db: str, doc_id: str) -> list[Leaf]:
        return self._reader.tree(self._reader.key(db), doc_id).leaves()

    async def open_revs(
        self, db: str, doc_id: str, revs: Sequence[Revision] | None, latest: bool = False
    ) -> list[Document | Missing]:
        return self._reader.open_revs(self._reader.key(db), doc_id, revs, latest)

    async def history(self, db: str, doc_id: str, rev: Revision) -> list[RevisionInfo]:
        return self._reader.history(self._reader.key(db), doc_id, rev)

    async def revs_diff(
        self, db: str, revs: Mapping[str, Sequence[Revision]]
    ) -> dict[str, RevsDiff]:
        return self._reader.revs_diff(self._reader.key(db), revs)

    async def all_docs(
        self,
        db: str,
        *,
        start: str | None = None,
        end: str | None = None,
        inclusive_end: bool = True,
        limit: int = 1000,
        skip: int = 0,
        descending: bool = False,
    ) -> list[DocumentRow]:
        key = self._reader.key(db)
        return lists.all_docs(self._reader, key, start, end, inclusive_end, limit, skip, descending)

    async def rows(self, db: str, ids: Sequence[str]) -> list[DocumentRow | None]:
        return lists.rows(self._reader, self._reader.key(db), ids)

    async def attachment(
        self, db: str, doc_id: str, name: str, rev: Revision | None = None
    ) -> tuple[Attachment, AsyncIterator[bytes]]:
        key = self._reader.key(db)
        found = self._reader.attachment(key, doc_id, name, rev)
        path = self._files.path(key, found.sha256)
        return found, self._pieces(path, found.stored_length)

    async def _pieces(self, path: Path, length: int) -> AsyncIterator[bytes]:
        if length <= _PIECE:  # in the page cache as a rule; a thread costs more than the read
            yield _opened(path.read_bytes)
            return
        file = await self._in_pool(lambda: _opened(lambda: path.open("rb")))
        try:
            while piece := await self._in_pool(partial(file.read, _PIECE)):
                yield piece
        finally:
            file.close()

    # writing

    async def write(
        self, db: str, edits: Sequence[Edit], *, new_edits: bool = True
    ) -> list[WriteResult]:
        return await self._edits.write(self._reader.key(db), edits, new_edits)

    async def purge(
        self, db: str, revs: Mapping[str, Sequence[Revision]]
    ) -> dict[str, list[Revision]]:
        key = self._reader.key(db)
        return await self._writer.submit(partial(erase.purge, db=key, revs=revs))

    async def compact(self, db: str) -> None:
        key = self._reader.key(db)
        await self._writer.submit(partial(erase.compact, db=key))

    # following

    async def changes(
        self,
        db: str,
        since: str = "0",
        *,
        limit: int = 1000,
        style: Style = "main_only",
        descending: bool = False,
        include_docs: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> ChangesPage:
        return lists.changes(
            self._reader, db, since, limit, style, descending, include_docs, doc_ids
        )

    async def wait(self, db: str, since: str, seconds: float | None = None) -> bool:
        row = self._reader.database(db)
        after = row.read_seq(since)
        try:
            async with asyncio.timeout(seconds):
                while (now := self._reader.database(db)).uuid == row.uuid and now.seq <= after:
                    future = self._waiters.add(db)
                    try:
                        await future
                    finally:
                        self._waiters.discard(db, future)
        except TimeoutError:
            return False
        return True

    # local documents

    async def local_ids(self, db: str) -> list[str]:
        return self._reader.local_ids(self._reader.key(db))

    async def local_get(self, db: str, doc_id: str) -> LocalDocument:
        return self._reader.local(self._reader.key(db), doc_id)

    async def local_put(
        self, db: str, doc_id: str, body: Body, rev: Revision | None = None
    ) -> Revision:
        key = self._reader.key(db)
        number = _local_number(rev) + 1
        text = encode_body(doc_id, body)
        return await self._writer.submit(
            partial(local.put_local, db=key, doc_id=doc_id, body=text, number=number)
        )

    async def local_delete(self, db: str, doc_id: str) -> None:
        key = self._reader.key(db)
        await self._writer.submit(partial(local.delete_local, db=key, doc_id=doc_id))

    async def close(self) -> None:
        await asyncio.to_thread(self._writer.close)
        self._waiters.wake_all()
        self._log.close()
        self._pool.shutdown()
        self._reader.close()
        await asyncio.to_thread(self._connection.close)  # the last one folds the log in
        os.close(self._lock)


def _own(file: Path) -> int:
    """The file's lock, held until it is closed. `Unavailable` where another process has it."""
    descriptor = os.open(file.with_name(f"{file.name}-lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise Unavailable(f"Another process uses {file}.") from None
    return descriptor


def _opened(reading: Callable[[], T]) -> T:
    """`NotFound` where the file went between look-up and reading: it was erased."""
    try:
        return reading()
    except FileNotFoundError:
        raise NotFound("missing") from None


def _local_number(rev: Revision | None) -> int:
    if rev is None:
        return 0
    start, _, number = rev.partition("-")
    if start != "0" or not number.isdecimal() or len(number) > 15:
        raise BadRequest("Invalid rev format")
    return int(number)
