"""A temporary engine, the wire over it in process, and the engine served by its own command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

import httpx2
import pytest
from hypothesis import settings

from sync.gate import OpenGate
from sync.limits import Limits
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire

settings.register_profile("sync", deadline=None)  # a busy machine is no failure
settings.load_profile("sync")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def engine(tmp_path: Path, anyio_backend: str) -> AsyncIterator[SqliteEngine]:
    engine = SqliteEngine(tmp_path / "store")
    await engine.create("db")
    yield engine
    await engine.close()


@pytest.fixture
async def http(engine: SqliteEngine) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(Wire(engine, OpenGate(), Limits())) as found:
        yield found


def client(app: Wire[None], root: str = "") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, root_path=root)
    headers = {"accept": "application/json"}  # else CouchDB, and so we, may answer with multipart
    return httpx2.AsyncClient(transport=transport, base_url="http://sync", headers=headers)


class Served:
    """`python -m sync serve` in a process of its own."""

    started: ClassVar[list[Served]] = []

    def __init__(
        self, data: Path, port: int = 0, *, wait: bool = True, command: Sequence[str] = ()
    ) -> None:
        """`port` 0: any. `wait`: until it listens, else `url` is empty. `command` goes in front
        of its own."""
        serve = [sys.executable, "-m", "sync", "serve", "--user", "post:s3cret"]
        serve += ["--port", str(port)]
        self.process = subprocess.Popen(
            [*command, *serve, "--data", str(data)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        Served.started.append(self)
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip() if wait else ""
        self.auth = ("post", "s3cret")

    @property
    def url_with_user(self) -> str:
        return self.url.replace("http://", "http://post:s3cret@").rstrip("/")

    def stop(self) -> int:
        """Ends it as a service manager does. The exit status."""
        self.process.terminate()
        return self._wait()

    def kill(self) -> int:
        self.process.kill()
        return self._wait()

    def _wait(self) -> int:
        assert self.process.stdout is not None
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        return status


@pytest.fixture(autouse=True)
def none_outlives_its_test() -> Iterator[None]:
    before = len(Served.started)
    yield
    for served in Served.started[before:]:
        if served.process.poll() is None:
            served.kill()
    del Served.started[before:]


@pytest.fixture
def serve(tmp_path: Path) -> Callable[[], Served]:
    """Starts the server on the same folder each time."""
    return lambda: Served(tmp_path / "served")
