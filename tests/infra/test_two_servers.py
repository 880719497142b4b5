"""Two servers on one PostgreSQL and one CouchDB: any of them answers any request, and one of them
may die in the middle. Where DATABASE_URL and COUCHDB_URL name the stores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import anyio
import httpx2
import pytest

from server.record.store import Record
from server.sandbox.device import Device
from server.sandbox.paper import Paper
from tests.infra.rounds import Rounds
from tests.infra.story import DECIDED, approve, done_once, file, follow
from tests.journey.processes import Server
from tests.stores import couchdb, fresh_postgresql

pytestmark = pytest.mark.anyio
PHONES = 5
Filed = tuple[Device, Paper]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[dict[str, str]]:
    with ExitStack() as opened:
        found = opened.enter_context(couchdb(tmp_path / "couchdb-credentials"))
        yield found | {"DOIBANG_RECORD": opened.enter_context(fresh_postgresql())}


@pytest.fixture
def post(tmp_path: Path) -> Iterator[str]:
    """The post's twin, in a server that nobody kills."""
    (tmp_path / "post").mkdir()
    server = Server(tmp_path / "post" / "data")
    yield f"{server.start().origin}/sandbox/twins/post"
    server.stop()


@pytest.fixture
def servers(tmp_path: Path, stores: dict[str, str], post: str) -> Iterator[list[Server]]:
    """Two of them, not started: one address, one folder of keys."""
    (tmp_path / "servers").mkdir()
    environ = stores | {"DOIBANG_POST_URL": post, "DOIBANG_POST_TOKEN": "sandbox"}
    made = [Server(tmp_path / "servers" / "data", environ) for _ in range(2)]
    environ["DOIBANG_ORIGIN"] = made[0].origin
    yield made
    for server in made:
        server.stop()


async def test_two_servers_are_one(servers: list[Server], stores: dict[str, str]) -> None:
    first, second = servers
    async with anyio.create_task_group() as starting:  # on empty stores, both at once
        for server in servers:
            starting.start_soon(anyio.to_thread.run_sync, server.start)
    rounds = Rounds([server.port for server in servers])
    async with httpx2.AsyncClient(
        transport=rounds, base_url=first.origin, headers={"origin": first.origin}, timeout=60
    ) as client:
        filed = await _all_filed(client, rounds, second)
        async with anyio.create_task_group() as following:
            for device, paper in filed:
                following.start_soon(partial(follow, device, paper, "forwarded"))
        papers = [paper for _, paper in filed]
        await approve(client, second.demo["officer"].partition("#")[2], papers)
        await anyio.to_thread.run_sync(second.kill)  # half a minute before the decisions are final
        async with anyio.create_task_group() as following:
            for device, paper in filed:
                following.start_soon(partial(follow, device, paper, "dispatched", "delivered"))
    record = Record(stores["DOIBANG_RECORD"])
    try:
        assert len(done_once(record, papers, DECIDED)) == PHONES
    finally:
        record.close()


async def _all_filed(client: httpx2.AsyncClient, rounds: Rounds, victim: Server) -> list[Filed]:
    """Every phone sends at once; meanwhile one server is killed, and started again."""
    filed: list[Filed] = []

    async def one(seed: int) -> None:
        filed.append(await file(client, seed))

    async with anyio.create_task_group() as sending:
        for seed in range(PHONES):
            sending.start_soon(one, seed)
        await rounds.reached(5 * PHONES)
        await anyio.to_thread.run_sync(victim.kill)
        await rounds.reached(2 * PHONES)
        await anyio.to_thread.run_sync(victim.start)
    return filed
