"""Which databases changed lately: what `_db_updates` tells."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from uuid import uuid4

from sync.model import Update, UpdateKind, UpdatesPage
from sync.waiters import Waiters

KEPT = 10_000
_ALL = ""


class UpdateLog:
    """The latest change of each of the `KEPT` databases that changed last, in memory. A seq from
    before, or of another run, is answered with every database as changed: nothing is missed."""

    def __init__(self, names: Callable[[], Iterable[str]]) -> None:
        """`names`: all databases there are."""
        self._names = names
        self._run = uuid4().hex[:12]
        self._last = 0
        self._oldest = 0
        self._latest: OrderedDict[str, tuple[int, UpdateKind]] = OrderedDict()
        self._lock = threading.Lock()
        self._waiters = Waiters()

    def note(self, names: Iterable[str], kind: UpdateKind = "updated") -> None:
        with self._lock:
            for name in names:
                self._last += 1
                self._latest.pop(name, None)
                self._latest[name] = (self._last, kind)
            while len(self._latest) > KEPT:
                _, (self._oldest, _) = self._latest.popitem(last=False)
        self._waiters.wake([_ALL])

    async def after(self, since: str, seconds: float) -> UpdatesPage:
        woken = self._waiters.add(_ALL)
        try:
            page = self._page(since)
            if not page.results and seconds > 0:
                await asyncio.wait((woken,), timeout=seconds)
                page = self._page(since)
            return page
        finally:
            self._waiters.discard(_ALL, woken)

    def close(self) -> None:
        self._waiters.wake_all()

    def _page(self, since: str) -> UpdatesPage:
        with self._lock:
            last = f"{self._last}-{self._run}"
            after = self._last if since == "now" else self._read(since)
            if after is not None:
                found = [(n, kind, name) for name, (n, kind) in self._latest.items() if n > after]
                rows = (Update(name, kind, f"{n}-{self._run}") for n, kind, name in sorted(found))
                return UpdatesPage(tuple(rows), last)
        return UpdatesPage(tuple(Update(name, "updated", last) for name in self._names()), last)

    def _read(self, since: str) -> int | None:
        number, _, run = since.partition("-")
        known = run == self._run and number.isdecimal() and int(number) >= self._oldest
        return int(number) if known else None
