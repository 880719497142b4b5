"""Someone who follows a database's changes through every crash and never starts again from 0."""

from __future__ import annotations

import threading

from tests.sync.lost.load import GONE, Client


class Follower:
    def __init__(self, db: str) -> None:
        self.db = db
        self.since = "0"
        self.seen: dict[str, list[str]] = {}
        self.told: list[tuple[str, dict[str, list[str]]]] = []
        """Some seqs that were told, with what was known at each."""

    def run(self, http: Client, end: threading.Event) -> None:
        try:
            while not end.is_set():
                self._page(http, "&feed=longpoll&timeout=500")
        except GONE:
            return
        finally:
            http.close()

    def _page(self, http: Client, how: str = "") -> None:
        path = f"/{self.db}/_changes?style=all_docs&limit=7&since={self.since}{how}"
        status, page = http.ask("GET", path)
        assert status == 200, page
        self.seen |= _leaves(page)
        self.since = page["last_seq"]
        self.told = [*self.told[-3:], (self.since, dict(self.seen))]

    def verify(self, http: Client) -> None:
        """The server knows at least what it told; from any seq that it told, whatever is not as it
        was then comes along."""
        now = http.ask("GET", f"/{self.db}")[1]["update_seq"]
        assert _number(now) >= _number(self.since), (now, self.since)
        full = _leaves(http.ask("GET", f"/{self.db}/_changes?style=all_docs")[1])
        for since, seen in self.told:
            page = http.ask("GET", f"/{self.db}/_changes?style=all_docs&since={since}")[1]
            after = _leaves(page)
            assert all(_number(row["seq"]) > _number(since) for row in page["results"])
            missed = {i for i, revs in full.items() if seen.get(i) != revs and i not in after}
            assert not missed, f"since {since}: {missed} did not come"
        while self.since != now:
            self._page(http)
        assert {i: self.seen.get(i) for i in full} == full


def _leaves(page: dict[str, list[dict[str, object]]]) -> dict[str, list[str]]:
    return {
        str(row["id"]): [change["rev"] for change in row["changes"]]  # type: ignore[attr-defined]
        for row in page["results"]
    }


def _number(seq: str) -> int:
    return int(seq.partition("-")[0])
