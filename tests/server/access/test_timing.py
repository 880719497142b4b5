"""Another's database answers as one that does not exist: by the same path, and in the same time."""

from __future__ import annotations

import secrets
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from server.container import Parts
from sync.wire import Wire
from tests.server.access.holders import Place, place
from tests.server.access.world import World
from tests.server.surface import Browser, bearer, build, serve

SHORT, LONG = 500, 10_000
ALPHA = 0.001


class Recording:
    """The document store, with a line for every method that somebody asks it for."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self.engine, name)


@pytest.fixture
def caller(tmp_path: Path) -> Iterator[Browser]:
    with serve(build(tmp_path, sandbox=False)) as caller:
        yield caller


async def ask(wire: Wire[Any], db: str, grant: str) -> tuple[int, list[Any], bytes]:
    """One GET of a database, in process: status, headers, body."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/{db}",
        "raw_path": f"/{db}".encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), text.encode()) for name, text in bearer(grant).items()],
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await wire(scope, receive, send)
    body = b"".join(one.get("body", b"") for one in sent)
    return sent[0]["status"], sorted(sent[0]["headers"]), body


def recorded(parts: Parts) -> tuple[Wire[Any], Recording]:
    """The product's wire with its own gate, both over a store that records."""
    wire = parts.wire
    recording = Recording(parts.documents)
    wire._engine = recording
    wire._gate._documents = recording  # type: ignore[attr-defined]
    return wire, recording


def victim_and_curious(caller: Browser) -> tuple[Place, Place]:
    world = World(caller)
    return place(world), place(world)


def test_another_s_database_takes_the_same_path_as_none(caller: Browser) -> None:
    """No clock: the same answer to the byte, and the store is not asked for anything."""
    victim, curious = victim_and_curious(caller)
    wire, recording = recorded(caller.parts)

    async def tries() -> set[str]:
        answers = set()
        for _ in range(SHORT // 2):
            for db in (victim.db, f"drafts-{secrets.token_hex(16)}"):
                answers.add(repr(await ask(wire, db, curious.secret)))
        return answers

    [answer] = caller.call(tries)
    assert answer.startswith("(404,")
    assert recording.asked == []
    status, _, _ = caller.call(ask, wire, curious.db, curious.secret)
    assert status == 200 and recording.asked == ["info"], "this store would have noticed"


@pytest.mark.long
def test_another_s_database_takes_as_long_as_none(caller: Browser, seed: int) -> None:
    """10,000 tries, in random order: Mann and Whitney's test finds no difference at 0.001, and the
    medians lie within 2 %."""
    victim, curious = victim_and_curious(caller)
    draw = Random(seed)
    absent = [f"drafts-{draw.randbytes(16).hex()}" for _ in range(LONG // 2)]
    order = [victim.db] * (LONG // 2) + absent
    draw.shuffle(order)

    async def tries() -> list[tuple[bool, int]]:
        took = []
        for db in order:
            begun = time.perf_counter_ns()
            await ask(caller.parts.wire, db, curious.secret)
            took.append((db == victim.db, time.perf_counter_ns() - begun))
        return took

    took = caller.call(tries)
    theirs = [nanos for theirs, nanos in took if theirs]
    nobodys = [nanos for theirs, nanos in took if not theirs]
    p = mann_whitney(theirs, nobodys)
    apart = statistics.median(theirs) / statistics.median(nobodys) - 1
    print(f"{LONG} tries: medians {apart:+.2%} apart, p = {p:.3f}")
    assert p > ALPHA and abs(apart) < 0.02


def mann_whitney(ours: list[int], others: list[int]) -> float:
    """Two-sided p of the rank-sum test (Mann and Whitney 1947), by the normal approximation."""
    n, m = len(ours), len(others)
    ranks = _ranks([*ours, *others])
    u = sum(ranks[:n]) - n * (n + 1) / 2
    z = (u - n * m / 2) / (n * m * (n + m + 1) / 12) ** 0.5
    return 2 * statistics.NormalDist().cdf(-abs(z))


def _ranks(values: list[int]) -> list[float]:
    """The rank of each value, equal ones sharing their mean."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end < len(order) and values[order[end]] == values[order[at]]:
            end += 1
        for i in order[at:end]:
            ranks[i] = (at + 1 + end) / 2
        at = end
    return ranks


def test_the_rank_test_sees_a_difference() -> None:
    """Two per cent longer is found among so many tries; equal ones are not told apart."""
    draw = Random(7)
    noise = [int(draw.lognormvariate(12, 0.05)) for _ in range(LONG)]
    half = LONG // 2
    assert mann_whitney(noise[:half], noise[half:]) > ALPHA
    assert mann_whitney([int(n * 1.02) for n in noise[:half]], noise[half:]) < ALPHA
