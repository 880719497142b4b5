"""GET and POST /db/_changes: normal, longpoll, continuous and eventsource."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson

from sync.gate import AccessT
from sync.model import Change, SyncError
from sync.wire_changes_options import Options, parse_options
from sync.wire_exchange import Exchange
from sync.wire_read import document_json

PAGE = 500
_JSON = {"content-type": "application/json"}
_EVENTS = {"content-type": "text/event-stream", "cache-control": "no-cache"}


async def serve(x: Exchange[AccessT]) -> None:
    options = await parse_options(x)
    info = await x.engine.info(x.db)  # a refusal must come before the head of the answer
    feed = _Feed(x, options, info.update_seq if options.since == "now" else options.since)
    if options.feed in ("continuous", "live"):
        await feed.continuous()
    elif options.feed == "eventsource":
        await feed.events()
    else:
        etag = f'"{info.update_seq}"' if options.feed == "normal" else ""
        if not (etag and await x.unchanged(etag)):
            await feed.once(etag)


class _Feed:
    def __init__(self, x: Exchange[AccessT], options: Options, since: str) -> None:
        self._x: Exchange[Any] = x
        self._options = options
        self._since = since
        self._left = options.limit
        self._pending = 0
        self._beat = b"\n"

    async def once(self, etag: str) -> None:
        """normal: what is there. longpoll: waits for a first change where there is none."""
        x, wait = self._x, self._options.feed == "longpoll" and self._options.limit > 0
        await x.start(200, _JSON | {"etag": etag})
        await x.chunk(b'{"results":[\n')
        sent = 0
        while True:
            async for _, row in self._rows():
                await x.chunk((b",\n" if sent else b"") + row)
                sent += 1
            if sent or not wait or not await self._wait():
                break
        last = b'"last_seq":%b,"pending":%d}\n' % (orjson.dumps(self._since), self._pending)
        await x.chunk(b"\n],\n" + last, more=False)

    async def continuous(self) -> None:
        await self._x.start(200, _JSON)
        await self._follow(b"%b\n")
        last = b'{"last_seq":%b,"pending":%d}\n' % (orjson.dumps(self._since), self._pending)
        await self._x.chunk(last, more=False)

    async def events(self) -> None:
        """Server-sent events (HTML §9.2), each with its seq as the id to come back with."""
        self._beat = b"event: heartbeat\ndata: \n\n"
        await self._x.start(200, _EVENTS)
        await self._follow(b"data: %b\nid: %b\n\n")
        await self._x.chunk(b"\n" if self._left <= 0 else b"", more=False)

    async def _follow(self, form: bytes) -> None:
        """Rows in `form` (row, seq) until the limit, the time or the client's patience ends."""
        while True:
            async for seq, row in self._rows():
                seen = (row, orjson.dumps(seq))
                await self._x.chunk(form % seen[: form.count(b"%b")])
            if self._left <= 0 or not await self._wait():
                return

    async def _rows(self) -> AsyncIterator[tuple[str, bytes]]:
        """The rows after `_since`, which moves on with each page, and their seqs."""
        x, options = self._x, self._options
        while True:
            page = await x.engine.changes(
                x.db,
                self._since,
                limit=min(self._left, PAGE) if not options.descending else self._left,
                style=options.style,
                descending=options.descending,
                include_docs=options.include_docs,
                doc_ids=options.doc_ids,
            )
            for change in page.results:
                if await self._shown(change):
                    yield change.seq, await self._row(change)
                    self._left -= 1
            self._since, self._pending = page.last_seq, page.pending
            if not page.pending or options.descending or self._left <= 0:
                return

    async def _shown(self, change: Change) -> bool:
        if self._options.design and not change.id.startswith("_design/"):
            return False
        return await self._x.gate.visible(self._x.access, self._x.db, change.id)

    async def _row(self, change: Change) -> bytes:
        row: dict[str, Any] = {
            "seq": change.seq,
            "id": change.id,
            "changes": [{"rev": rev} for rev in change.revs],
        }
        if change.deleted:
            row["deleted"] = True
        text = orjson.dumps(row)
        if change.doc is None:
            return text
        return text[:-1] + b',"doc":' + await document_json(self._x, change.doc, winner=True) + b"}"

    async def _wait(self) -> bool:
        """True after a change; False when the time is over, the client or the database gone."""
        x, options = self._x, self._options
        await x.flush()
        loop = asyncio.get_running_loop()
        gone = asyncio.ensure_future(x.disconnected())
        change = asyncio.ensure_future(x.engine.wait(x.db, self._since))
        end = None if options.seconds is None else loop.time() + options.seconds
        x.tally.waiting += 1
        try:
            while True:
                left = None if end is None else max(end - loop.time(), 0)
                beat = min((t for t in (options.heartbeat, left) if t is not None), default=None)
                done, _ = await asyncio.wait(
                    (gone, change), timeout=beat, return_when=asyncio.FIRST_COMPLETED
                )
                if change in done:
                    return change.result()
                if gone in done or beat == left:  # a timer may ring a little before its time
                    return False
                await x.chunk(self._beat)
                await x.flush()
        except SyncError:  # the database or the store went away
            return False
        except asyncio.CancelledError:  # the server stops: the feed ends as when its time is over
            return False
        finally:
            x.tally.waiting -= 1
            gone.cancel()
            change.cancel()
