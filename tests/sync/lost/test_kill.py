"""kill -9 of `python -m sync serve` at random moments under load, again and again on one folder.

`SEED=<number>` draws the same requests and the same moments once more (threads still take their
turns as they like).
"""

from __future__ import annotations

import random
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sync.conftest import Served
from tests.sync.lost.audit import audit
from tests.sync.lost.follow import Follower
from tests.sync.lost.load import Client, Writer

DATABASES = ("own", "other")


def client(served: Served) -> Client:
    return Client(served.url, served.auth)


@contextmanager
def under_load(
    served: Served, writers: list[Writer], followers: list[Follower]
) -> Iterator[threading.Semaphore]:
    """The semaphore counts acknowledgements. What runs inside ends the server."""
    each, end = threading.Semaphore(0), threading.Event()
    threads = [
        *(threading.Thread(target=writer.run, args=(client(served), each)) for writer in writers),
        *(threading.Thread(target=one.run, args=(client(served), end)) for one in followers),
    ]
    for thread in threads:
        thread.start()
    try:
        yield each
    finally:
        served.kill()
        end.set()
        for thread in threads:
            thread.join()


def kills(folder: Path, seed: int, rounds: int) -> int:
    """The number of acknowledged writes, all of which were found again."""
    rng = random.Random(seed)
    writers = [
        Writer(f"w{n}", DATABASES[n % 2], random.Random(rng.getrandbits(64))) for n in range(4)
    ]
    followers = [Follower(db) for db in DATABASES]
    served = Served(folder)
    http = client(served)
    for db in DATABASES:
        assert http.ask("PUT", f"/{db}")[0] == 201
    http.close()
    for number in range(rounds):
        with under_load(served, writers, followers) as each:
            for _ in range(rng.choice((1, 3, 10, 30))):
                assert each.acquire(timeout=60), [writer.refused for writer in writers]
            threading.Event().wait(rng.random() * 0.03)
        assert not [writer.refused for writer in writers if writer.refused], f"round {number}"
        if rng.random() < 0.2:
            killed_while_starting(folder, rng.random() * 0.6)
        served = Served(folder)
        http = client(served)
        for writer in writers:
            writer.verify(http)
        for follower in followers:
            follower.verify(http)
        http.close()
        audit(folder)
    assert served.stop() == 0
    audit(folder)
    return sum(writer.acknowledged for writer in writers)


def killed_while_starting(folder: Path, after: float) -> None:
    """A second cut before the server is up, in the midst of what it does at its start."""
    starting = Served(folder, wait=False)
    try:
        starting.process.wait(after)
    except subprocess.TimeoutExpired:
        starting.kill()
    else:
        raise AssertionError("the server ended at its start")


def test_what_was_acknowledged_outlives_kill_9(tmp_path: Path, seed: int) -> None:
    assert kills(tmp_path / "store", seed, 12) > 12


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_500_kills(tmp_path: Path, seed: int, part: int) -> None:
    found = kills(tmp_path / "store", seed + part, 50)
    print(f"{found} acknowledged writes outlived 50 kills")
    assert found > 50
