"""Through the wire too: whatever the order in which revisions come, the same winner and leaves."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.gate import OpenGate
from sync.limits import Limits
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire
from tests.sync.conftest import client
from tests.sync.histories import Path as RevPath
from tests.sync.histories import histories

ARRIVALS = 3
"""Databases into which the same revisions come, each in an order and in requests of its own."""


def document(path: list[str], deleted: bool) -> dict[str, Any]:
    ids = [rev.partition("-")[2] for rev in path]
    start = int(path[0].partition("-")[0])
    return {
        "_id": "d",
        "_revisions": {"start": start, "ids": ids},
        "_deleted": deleted,
        "is": path[0],
    }


async def arrive(
    http: httpx2.AsyncClient, db: str, paths: list[RevPath], order: random.Random
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the database then says: the row of `_changes`, and every leaf."""
    await http.put(f"/{db}")
    coming = [document(*each) for each in (*paths, *paths)]
    order.shuffle(coming)
    while coming:
        size = order.randint(1, 4)
        batch, coming = coming[:size], coming[size:]
        answer = await http.post(f"/{db}/_bulk_docs", json={"docs": batch, "new_edits": False})
        assert (answer.status_code, answer.json()) == (201, [])
    (row,) = (await http.get(f"/{db}/_changes?style=all_docs")).json()["results"]
    del row["seq"]
    return row, (await http.get(f"/{db}/d?open_revs=all&revs=true")).json()


async def compare(folder: Path, paths: list[RevPath], order: random.Random) -> None:
    engine = SqliteEngine(folder / "store")
    try:
        async with client(Wire(engine, OpenGate(), Limits())) as http:
            said = [await arrive(http, f"db{n}", paths, order) for n in range(ARRIVALS)]
    finally:
        await engine.close()
    row, leaves = said[0]
    assert said == [(row, leaves)] * ARRIVALS
    inner = {rev for path, _ in paths for rev in path[1:]}
    alive = {path[0]: not deleted for path, deleted in paths if path[0] not in inner}
    assert {leaf["ok"]["_rev"] for leaf in leaves} == set(alive)
    winner = max(alive, key=lambda rev: (alive[rev], int(rev.partition("-")[0]), rev))
    assert row["changes"][0]["rev"] == winner
    assert row.get("deleted", False) == (not alive[winner])


@settings(max_examples=25)
@given(histories(), st.integers(0, 2**32))
def test_any_order_of_arrival_ends_the_same(paths: list[RevPath], seed: int) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder), paths, random.Random(seed)))
