"""One `_db_updates` feed for all that wait: it wakes them, and is never asked what changed."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable

import orjson

from sync.couch_http import Couch
from sync.model import NotFound, SyncError
from sync.waiters import Waiters

log = logging.getLogger("sync.couch")
HEARTBEAT = 10.0
LONGEST_PAUSE = 5.0


class Updates:
    """Follows from its first `follow()` on. Whoever waits looks at the database before and after
    joining `waiters`; when the line broke, everybody is woken to look again."""

    def __init__(
        self, couch: Couch, waiters: Waiters, prepare: Callable[[], Awaitable[None]]
    ) -> None:
        """`prepare` makes what the feed needs where CouchDB says that there is no such feed."""
        self._couch = couch
        self._prepare = prepare
        self._waiters = waiters
        self._task: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()

    async def follow(self) -> None:
        """Returns once the feed listens, or at once when it does already."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        connected = asyncio.ensure_future(self._connected.wait())
        try:
            await asyncio.wait((connected, self._task), return_when=asyncio.FIRST_COMPLETED)
        finally:
            connected.cancel()

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                try:
                    await self._listen()
                except NotFound:
                    await self._prepare()
                    await self._listen()
                failures = 0
            except SyncError as error:
                failures += 1
                log.warning("the feed of changed databases broke: %s", error.reason)
            # Without the feed they wait for their time-outs and ask again: slower, nothing is lost.
            self._connected.set()
            self._waiters.wake_all()
            await asyncio.sleep(random.uniform(0, min(0.1 * 2**failures, LONGEST_PAUSE)))  # noqa: S311

    async def _listen(self) -> None:
        params = {"feed": "continuous", "since": "now", "heartbeat": str(int(HEARTBEAT * 1000))}
        async with self._couch.stream("_db_updates", params=params, silence=3 * HEARTBEAT) as feed:
            self._connected.set()
            self._waiters.wake_all()  # what changed before the feed listened
            async for line in feed.aiter_lines():
                if line.strip():
                    said = orjson.loads(line)
                    if "db_name" in said:
                        self._waiters.wake([said["db_name"]])
