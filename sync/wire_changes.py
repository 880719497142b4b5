"""GET and POST /db/_changes: normal, longpoll and continuous."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import orjson

from sync.engine import Style
from sync.gate import AccessT
from sync.model import BadRequest, Change, SyncError, Unsupported
from sync.wire_exchange import Exchange, natural, parse_object
from sync.wire_json import write_document

PAGE = 500
_TIMEOUT = 60_000
"""Milliseconds that a feed waits where the client names no time (CouchDB's)."""


@dataclass(frozen=True, slots=True)
class _Options:
    feed: str
    since: str
    limit: int
    style: Style
    descending: bool
    include_docs: bool
    heartbeat: float | None
    seconds: float | None
    doc_ids: frozenset[str] | None


async def serve(x: Exchange[AccessT]) -> None:
    options = _parse(x, await _doc_ids(x))
    await x.engine.info(x.db)  # a refusal must come before the head of the answer
    feed = _Feed(x, options)
    if options.feed == "continuous":
        await feed.continuous()
    else:
        await feed.once()


def _parse(x: Exchange[AccessT], doc_ids: frozenset[str] | None) -> _Options:
    feed = x.query.get("feed", "normal")
    if feed == "eventsource":
        raise Unsupported("feed=eventsource is not offered; use longpoll or continuous.")
    if feed not in ("normal", "longpoll", "continuous"):
        raise BadRequest(f"Supported `feed` types: normal, longpoll, continuous; not {feed[:40]!r}")
    style = x.query.get("style", "main_only")
    if style not in ("main_only", "all_docs"):
        raise BadRequest("style must be main_only or all_docs")
    beat = x.query.get("heartbeat")
    heartbeat = None if beat in (None, "false") else 60_000
    if beat not in (None, "false", "true"):
        heartbeat = max(natural("heartbeat", beat), 100)
    waiting = None if heartbeat else min(x.number("timeout", _TIMEOUT), _TIMEOUT)
    if heartbeat and "timeout" in x.query:
        waiting = x.number("timeout", _TIMEOUT)
    return _Options(
        feed=feed,
        since=x.query.get("since", x.headers.get("last-event-id", "0")).strip('"'),
        limit=max(x.number("limit", 10**12), 1),  # CouchDB: 0 is 1
        style="all_docs" if style == "all_docs" else "main_only",
        descending=x.flag("descending"),
        include_docs=x.flag("include_docs"),
        heartbeat=heartbeat / 1000 if heartbeat else None,
        seconds=waiting / 1000 if waiting is not None else None,
        doc_ids=doc_ids,
    )


async def _doc_ids(x: Exchange[AccessT]) -> frozenset[str] | None:
    """What `filter=_doc_ids` chooses; None without a filter."""
    name = x.query.get("filter")
    parsed: dict[str, Any] = {}
    if x.method == "POST":
        x.require_json()
        parsed = parse_object(await x.body() or b"{}")
    if name is None:
        return None
    if name != "_doc_ids":
        raise Unsupported("Only the filter _doc_ids is offered.")
    ids = parsed.get("doc_ids", x.json_query("doc_ids"))
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise BadRequest("`doc_ids` must be an array of strings.")
    return frozenset(ids)


class _Feed:
    def __init__(self, x: Exchange[AccessT], options: _Options) -> None:
        self._x: Exchange[Any] = x
        self._options = options
        self._since = options.since
        self._left = options.limit
        self._pending = 0

    async def once(self) -> None:
        """normal: what is there. longpoll: waits for a first change where there is none."""
        x, wait = self._x, self._options.feed == "longpoll"
        if self._since == "now":
            self._since = (await x.engine.info(x.db)).update_seq
        await x.start(200, {"content-type": "application/json"})
        await x.chunk(b'{"results":[\n')
        sent = 0
        while True:
            async for row in self._rows():
                await x.chunk((b",\n" if sent else b"") + row)
                sent += 1
            if sent or not wait or not await self._wait():
                break
        last = b'"last_seq":%b,"pending":%d}\n' % (orjson.dumps(self._since), self._pending)
        await x.chunk(b"\n],\n" + last, more=False)

    async def continuous(self) -> None:
        x = self._x
        if self._since == "now":
            self._since = (await x.engine.info(x.db)).update_seq
        await x.start(200, {"content-type": "application/json"})
        while True:
            async for row in self._rows():
                await x.chunk(row + b"\n")
            if self._left <= 0 or not await self._wait():
                break
        last = b'{"last_seq":%b,"pending":%d}\n' % (orjson.dumps(self._since), self._pending)
        await x.chunk(last, more=False)

    async def _rows(self) -> AsyncIterator[bytes]:
        """The rows after `_since`, which moves on with each page."""
        x, options = self._x, self._options
        while self._left > 0:
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
                if await x.gate.visible(x.access, x.db, change.id):
                    yield _row(change)
                    self._left -= 1
            self._since, self._pending = page.last_seq, page.pending
            if not page.pending or options.descending:
                return

    async def _wait(self) -> bool:
        """True after a change; False when the time is over, the client or the database gone."""
        x, options = self._x, self._options
        loop = asyncio.get_running_loop()
        gone = asyncio.ensure_future(x.disconnected())
        change = asyncio.ensure_future(x.engine.wait(x.db, self._since))
        end = None if options.seconds is None else loop.time() + options.seconds
        try:
            while True:
                left = None if end is None else max(end - loop.time(), 0)
                beat = min((t for t in (options.heartbeat, left) if t is not None), default=None)
                done, _ = await asyncio.wait(
                    (gone, change), timeout=beat, return_when=asyncio.FIRST_COMPLETED
                )
                if change in done:
                    return change.result()
                if gone in done or (end is not None and loop.time() >= end):
                    return False
                await x.chunk(b"\n")
        except SyncError:  # the database or the store went away
            return False
        finally:
            gone.cancel()
            change.cancel()


def _row(change: Change) -> bytes:
    row: dict[str, Any] = {
        "seq": change.seq,
        "id": change.id,
        "changes": [{"rev": rev} for rev in change.revs],
    }
    if change.deleted:
        row["deleted"] = True
    text = orjson.dumps(row)
    if change.doc is not None:
        text = text[:-1] + b',"doc":' + write_document(change.doc) + b"}"
    return text
