"""The phone's own code against the real server over a bad network, in random schedules.

Two phones of one owner and one of another, each the app's store, drafts and peer in Node; the
network breaks at random bytes, repeats and reorders requests; apps and the server start anew.
In the end all phones show the same, the server has every edit and every part that was saved, and
no part that was acknowledged was sent again. `SEED=<number>` plays from that schedule on.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.record import grants
from server.record.grants import Grant
from server.record.store import Connection, Record
from tests.journey.processes import CHECKOUT, Server

HERE = CHECKOUT / "tests" / "journey" / "replication"
Played = dict[str, int]


@pytest.fixture(scope="module")
def device(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("device")
    subprocess.run(["node", str(HERE / "build.mjs"), str(out)], check=True, timeout=120)
    return out / "device.mjs"


class Granting:
    """Makes grants as signing in on a second phone does, and the owner where nobody has yet."""

    def __init__(self, server: Server) -> None:
        self._record = Record(f"sqlite:///{server.data}/record.sqlite")
        self._runner = asyncio.Runner()

    def make(self, owner: str, device: str, hash: str) -> None:
        now = datetime.now(UTC)
        grant = Grant(hash[:32], owner, device, hash, now, now, now + timedelta(days=30))

        def work(conn: Connection) -> None:
            grants.create_owner(conn, owner, now)
            grants.create(conn, grant)

        self._runner.run(self._record.run(work))

    def close(self) -> None:
        self._runner.close()
        self._record.close()


def play(server: Server, device: Path, seed: int, count: int, seconds: int) -> Played:
    arguments = [str(device), server.origin, str(seed), str(count), str(seconds)]
    node = subprocess.Popen(
        ["node", str(HERE / "schedules.mjs"), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert node.stdin and node.stdout
    played: Played = {}
    with node, closing(Granting(server)) as granting:
        for line in node.stdout:
            asked = json.loads(line)
            if "played" in asked:
                played = asked
                continue
            if "grant" in asked:
                granting.make(**asked["grant"])
            else:
                server.kill()
                server.start()
            node.stdin.write("true\n")
            node.stdin.flush()
    assert node.returncode == 0, "see what it wrote; SEED=… plays it again"
    print(f"from SEED={seed}: {played}")
    return played


@pytest.mark.usefixtures("embedded")
def test_phones_converge(server: Server, device: Path, seed: int) -> None:
    played = play(server, device, seed, 300, 25)
    assert played["played"] >= 5 and played["cuts"] >= 5


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
@pytest.mark.usefixtures("embedded")
def test_phones_converge_for_long(server: Server, device: Path, seed: int, part: int) -> None:
    played = play(server, device, seed + part * 100_000, 100_000, 300)
    assert played["played"] > 100 and played["cuts"] > 100
