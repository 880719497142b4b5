"""An edit on its way to the writer: checked, hashed, its attachment files durable, then
committed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from sync import sqlite_engine_write as write
from sync.checks import check_edit
from sync.model import (
    Edit,
    NewAttachment,
    Revision,
    SyncError,
    Unavailable,
    WriteResult,
)
from sync.sqlite_engine_files import AttachmentFiles
from sync.sqlite_engine_read import Reader
from sync.sqlite_engine_writer import Transaction, Writer


@dataclass(slots=True)
class _Staged:
    """`failure` instead of a write; `stored` are the SHA-256 of the files that this write made."""

    edit: Edit
    body: bytes = b""
    stored: set[str] = field(default_factory=set)
    failure: SyncError | None = None

    @property
    def attachments(self) -> list[NewAttachment]:
        given = self.edit.attachments.values() if self.failure is None else ()
        return [a for a in given if isinstance(a, NewAttachment)]


class Edits:
    def __init__(
        self, reader: Reader, writer: Writer, files: AttachmentFiles, pool: Executor
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._files = files
        self._pool = pool

    async def write(self, db: int, edits: Sequence[Edit], new_edits: bool) -> list[WriteResult]:
        """The files of all edits first, at once; then the edits, in their order."""
        if not any(edit.size for edit in edits):
            return await self._commit(db, [_stage(edit, new_edits) for edit in edits], new_edits)
        loop = asyncio.get_running_loop()
        staged = await asyncio.gather(
            *(loop.run_in_executor(self._pool, _stage, edit, new_edits) for edit in edits)
        )
        keys = [(db, a.sha256) for each in staged for a in each.attachments]
        with self._files.pinned(keys):
            await asyncio.gather(*(self._store(db, each, again=False) for each in staged))
            results = await self._commit(db, staged, new_edits)
        await self._drop_refused(db, staged, results)
        return results

    async def _drop_refused(
        self, db: int, staged: Sequence[_Staged], results: Sequence[WriteResult]
    ) -> None:
        """A refused edit leaves no file: else whoever is refused could fill the disk."""
        refused = [
            (db, sha256)
            for each, result in zip(staged, results, strict=True)
            for sha256 in each.stored
            if not result.ok
        ]
        if refused:
            work = partial(self._files.remove_unnamed, refused, self._reader.has_attachment)
            with suppress(OSError):  # the next start's sweep finds it
                await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _store(self, db: int, staged: _Staged, *, again: bool) -> None:
        wanted = {
            a.sha256: a
            for a in staged.attachments
            if again or not self._reader.has_attachment(db, a.sha256)
        }
        if not wanted:
            return
        work = partial(self._files.store, db, list(wanted.values()))
        try:
            await asyncio.get_running_loop().run_in_executor(self._pool, work)
        except OSError as error:
            staged.failure = Unavailable(f"The store could not write: {error.strerror}")
        staged.stored.update(wanted)

    async def _commit(
        self, db: int, staged: Sequence[_Staged], new_edits: bool
    ) -> list[WriteResult]:
        futures = [
            self._writer.submit(partial(_work, db=db, staged=each, new_edits=new_edits))
            for each in staged
            if each.failure is None
        ]
        answers = iter(await asyncio.gather(*futures, return_exceptions=True))
        results = []
        for each in staged:
            answer = each.failure if each.failure is not None else next(answers)
            if isinstance(answer, write.FileGone):
                await self._store(db, each, again=True)
                results += await self._commit(db, [each], new_edits)
            elif isinstance(answer, SyncError):
                results.append(WriteResult(each.edit.id, failure=answer))
            elif isinstance(answer, BaseException):
                raise answer
            else:
                results.append(WriteResult(each.edit.id, rev=answer))
        return results


def _work(tx: Transaction, *, db: int, staged: _Staged, new_edits: bool) -> Revision:
    return write.write_edit(tx, db, staged.edit, staged.body, new_edits, staged.stored)


def _stage(edit: Edit, new_edits: bool) -> _Staged:
    """Everything that can be refused without looking into the store."""
    try:
        return _Staged(*check_edit(edit, new_edits))
    except SyncError as refusal:
        return _Staged(edit, failure=refusal)
