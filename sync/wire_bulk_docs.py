"""POST /db/_bulk_docs: each document is handed over as it arrives, so memory stays flat, and what
was whole when the connection broke stays committed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any
from uuid import uuid4

from sync.checks import check_names
from sync.gate import AccessT
from sync.model import BadRequest, Edit, WriteResult
from sync.wire_exchange import Exchange, parse_object
from sync.wire_json import parse_edit, write_results
from sync.wire_local import put_local
from sync.wire_push import push
from sync.wire_splitter import DocumentSplitter, check_envelope

IN_FLIGHT = 4
"""Batches that are written at the same time, while together they bring at most so many bytes:"""
IN_FLIGHT_BYTES = 1 << 20
SMALL = 1 << 16
"""Bytes of a body that is parsed at once: an edit costs half of what cutting it up would."""


Taken = dict[str, bytes | None]
Work = Coroutine[Any, Any, list[WriteResult]]


class _OneByOne:
    """Takes the documents of a small request, which has arrived whole."""

    def __init__(self) -> None:
        self.done: list[WriteResult] = []

    async def hand_over(self, work: Work, size: int = 0) -> None:
        self.done += await work


class _Intake:
    """The documents of one request on their way; `results` in the order in which they came."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[list[WriteResult]]] = []
        self._sizes: dict[asyncio.Task[list[WriteResult]], int] = {}

    async def hand_over(self, work: Work, size: int = 0) -> None:
        """Waits while the batches under way are too many or, with these `size` bytes, too large:
        the sender feels it as back-pressure."""
        try:
            while not self._has_room(size):
                await asyncio.wait(self._sizes, return_when=asyncio.FIRST_COMPLETED)
            self._tasks = [task for task in self._tasks if not _failed(task)]
        except BaseException:
            work.close()
            raise
        task = asyncio.create_task(work)
        self._sizes[task] = size
        self._tasks.append(task)

    def _has_room(self, size: int) -> bool:
        self._sizes = {task: size for task, size in self._sizes.items() if not task.done()}
        together = sum(self._sizes.values()) + size
        return not self._sizes or (len(self._sizes) < IN_FLIGHT and together <= IN_FLIGHT_BYTES)

    async def results(self) -> list[WriteResult]:
        return [row for batch in await asyncio.gather(*self._tasks) for row in batch]

    async def settle(self) -> None:
        """What was handed over is finished, whatever became of the request."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _failed(task: asyncio.Task[Any]) -> bool:
    if task.done() and (error := task.exception()) is not None:
        raise error
    return False


def _local_id(parsed: dict[str, Any]) -> str | None:
    doc_id = parsed.get("_id")
    if not isinstance(doc_id, str) or not doc_id.startswith("_local/"):
        return None
    return doc_id.removeprefix("_local/")


async def _replicated(
    x: Exchange[AccessT], intake: _Intake | _OneByOne, documents: list[dict[str, Any]], taken: Taken
) -> list[dict[str, Any]]:
    """Hands over those with `_revisions`: only a replicator sends it, and `new_edits` comes last.
    Returns the others."""
    edits, others = [], []
    for parsed in documents:
        if "_revisions" in parsed and _local_id(parsed) is None:
            edits.append(parse_edit(parsed, new_edits=False, taken=taken))
        else:
            others.append(parsed)
    if edits:
        await _hand_over(x, intake, edits, new_edits=False)
    return others


async def _hand_over(
    x: Exchange[AccessT], intake: _Intake | _OneByOne, edits: list[Edit], new_edits: bool
) -> None:
    size = sum(edit.size for edit in edits)
    await intake.hand_over(push(x, edits, new_edits), size)


async def _rest(
    x: Exchange[AccessT],
    intake: _Intake | _OneByOne,
    documents: list[dict[str, Any]],
    new_edits: bool,
    taken: Taken,
) -> None:
    """What could not be handed over before `new_edits` was known: `_local` documents first. One
    ill-named document of an editor refuses the whole request; a replicator's only itself."""
    edits: list[Edit] = []
    for parsed in documents:
        local = _local_id(parsed)
        if local is None:
            parsed.setdefault("_id", uuid4().hex)
            edits.append(parse_edit(parsed, new_edits, taken=taken))
            if new_edits:
                check_names(edits[-1])
            continue
        await intake.hand_over(_local(x, local, parsed))
    if edits:
        await _hand_over(x, intake, edits, new_edits)


async def _local(x: Exchange[AccessT], doc_id: str, parsed: dict[str, Any]) -> list[WriteResult]:
    if parsed.get("_deleted") is True:
        await x.engine.local_delete(x.db, doc_id)
        return [WriteResult(f"_local/{doc_id}", "0-0")]
    return [WriteResult(f"_local/{doc_id}", await put_local(x, doc_id, parsed))]


async def post(x: Exchange[AccessT]) -> None:
    x.require_json()
    declared = x.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) <= SMALL and "content-encoding" not in x.headers:
        return await _at_once(x)
    intake = _Intake()
    splitter = DocumentSplitter()
    undecided: list[dict[str, Any]] = []
    try:
        async for chunk in x.chunks():
            parsed = [parse_object(text) for text in splitter.feed(chunk)]
            undecided += await _replicated(x, intake, parsed, splitter.taken)
        new_edits = _new_edits(splitter.envelope())
        await _rest(x, intake, undecided, new_edits, splitter.taken)
        results = await intake.results()
    finally:
        await intake.settle()
    return await x.reply(201, write_results(results, new_edits))


async def _at_once(x: Exchange[AccessT]) -> None:
    parsed = parse_object(await x.body())
    documents = check_envelope(parsed)
    if not all(isinstance(document, dict) for document in documents):
        raise BadRequest("Document must be a JSON object")
    new_edits = _new_edits(parsed)
    intake = _OneByOne()
    await _rest(x, intake, await _replicated(x, intake, documents, {}), new_edits, {})
    await x.reply(201, write_results(intake.done, new_edits))


def _new_edits(parsed: dict[str, Any]) -> bool:
    new_edits = parsed.get("new_edits", True)
    if not isinstance(new_edits, bool):
        raise BadRequest("`new_edits` parameter must be a boolean.")
    return new_edits
