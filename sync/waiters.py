"""Who waits for a change of which database. Woken after the commit, from any thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable


class Waiters:
    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._lock = threading.Lock()

    def add(self, db: str) -> asyncio.Future[None]:
        """A future that is done at the database's next commit. Look at the database before and
        after `add` on the same loop without awaiting between, and no change slips through."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._lock:
            self._waiting.setdefault(db, set()).add(future)
        return future

    def discard(self, db: str, future: asyncio.Future[None]) -> None:
        with self._lock:
            waiting = self._waiting.get(db)
            if waiting is not None:
                waiting.discard(future)
                if not waiting:
                    del self._waiting[db]

    def wake(self, dbs: Iterable[str]) -> None:
        with self._lock:
            woken = [future for db in dbs for future in self._waiting.pop(db, ())]
        for loop in {future.get_loop() for future in woken}:
            mine = [future for future in woken if future.get_loop() is loop]
            try:
                loop.call_soon_threadsafe(_finish, mine)
            except RuntimeError:  # the loop is closed: nobody is left to wake
                continue

    def wake_all(self) -> None:
        with self._lock:
            names = list(self._waiting)
        self.wake(names)


def _finish(futures: list[asyncio.Future[None]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)
