"""POST /db/_bulk_docs: each document is handed over as it arrives, so memory stays flat, and what
was whole when the connection broke stays committed."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

from sync.gate import AccessT
from sync.model import BadRequest, Edit, WriteResult
from sync.wire_exchange import Exchange, parse_object
from sync.wire_json import parse_edit, write_results
from sync.wire_push import push
from sync.wire_splitter import DocumentSplitter

IN_FLIGHT = 4


class _Intake:
    """The documents of one request on their way; `results` in the order in which they came."""

    def __init__(self, x: Exchange[Any]) -> None:
        self._x = x
        self._tasks: list[asyncio.Task[list[WriteResult]]] = []
        self._free = asyncio.Semaphore(IN_FLIGHT)

    async def hand_over(self, edits: list[Edit], new_edits: bool) -> None:
        """Waits while `IN_FLIGHT` batches are under way: the sender feels it as back-pressure."""
        await self._free.acquire()
        self._tasks = [task for task in self._tasks if not _failed(task)]
        task = asyncio.create_task(push(self._x, edits, new_edits))
        task.add_done_callback(lambda _: self._free.release())
        self._tasks.append(task)

    async def results(self) -> list[WriteResult]:
        return [row for batch in await asyncio.gather(*self._tasks) for row in batch]

    async def settle(self) -> None:
        """What was handed over is finished, whatever became of the request."""
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _failed(task: asyncio.Task[Any]) -> bool:
    if task.done() and (error := task.exception()) is not None:
        raise error
    return False


async def post(x: Exchange[AccessT]) -> None:
    x.require_json()
    intake = _Intake(x)
    splitter = DocumentSplitter()
    undecided: list[dict[str, Any]] = []
    try:
        async for chunk in x.chunks():
            replicated = []
            for text in splitter.feed(chunk):
                parsed = parse_object(text)
                if "_revisions" in parsed:  # only a replicator sends it: new_edits comes last
                    replicated.append(parse_edit(parsed, new_edits=False))
                else:
                    undecided.append(parsed)
            if replicated:
                await intake.hand_over(replicated, new_edits=False)
        new_edits = splitter.envelope().get("new_edits", True)
        if not isinstance(new_edits, bool):
            raise BadRequest("new_edits must be true or false")
        if undecided:
            for parsed in undecided:
                if new_edits:
                    parsed.setdefault("_id", uuid4().hex)
            await intake.hand_over([parse_edit(p, new_edits) for p in undecided], new_edits)
        results = await intake.results()
    finally:
        await intake.settle()
    await x.reply(201, write_results(results, new_edits))
