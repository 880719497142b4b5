"""What the whole application costs: `python -m tests.bench.sync.application [--couchdb URL]`.

The phone's own requests (grant, sealed draft, photos in sealed parts of 32 KB) from 8 devices with
5 drafts each, against the engine alone and against the product with its gate, grants and journal in
turn; with `--couchdb` also the product in front of that CouchDB (whose own CPU is not counted), and
with `--owners N` the product where so many others have a draft. Prints the server's CPU a draft.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from server.container import utc_now
from server.record import grants
from server.record.grants import Grant
from server.record.migrations import migrate
from server.record.store import Record
from server.sandbox.device import Device
from server.sandbox.paper import Paper, Picture
from sync.model import Edit
from sync.sqlite_engine import SqliteEngine
from tests.bench.budget import machine
from tests.bench.sync.endpoint import ROOT, Endpoint
from tests.journey.processes import free_port

DEVICES, DRAFTS, PHOTOS, PHOTO = 8, 5, 4, 300_000


@contextmanager
def running(command: list[str], environ: dict[str, str]) -> Iterator[tuple[str, Endpoint]]:
    """The server's origin and its process, when it has said READY."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        while "READY" not in (line := process.stdout.readline()):
            if not line:
                raise RuntimeError(f"the server ended at start: {said}")
            said += line
        origin = line.split()[0] if line.startswith("http") else environ["DOIBANG_ORIGIN"]
        yield origin, Endpoint("", "localhost", urlsplit(origin).port or 0, "", process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def product(folder: Path, **settings: str) -> dict[str, str]:
    port = free_port()
    return {
        "DOIBANG_DATA": str(folder),
        "DOIBANG_PORT": str(port),
        "DOIBANG_ORIGIN": f"http://localhost:{port}",
        **settings,
    }


async def cost(origin: str, endpoint: Endpoint) -> float:
    """Milliseconds of the server's CPU for one draft with its photos, all acknowledged."""
    async with httpx2.AsyncClient(base_url=origin, timeout=60) as client:
        work: list[tuple[Device, list[Paper]]] = []
        for _ in range(DEVICES):
            device = Device(client)
            await device.enrol()
            work.append((device, [await compose(device) for _ in range(DRAFTS)]))

        async def one(device: Device, papers: list[Paper]) -> None:
            for paper in papers:
                assert await device.push([paper.draft]) == {}
                assert await device.push_chunks(paper) == {}

        before = endpoint.cpu_ms
        await asyncio.gather(*(one(*each) for each in work))
        return (endpoint.cpu_ms - before) / (DEVICES * DRAFTS)


async def compose(device: Device) -> Paper:
    kinds = ["licence_front", "licence_back", "portrait", "health_certificate"][:PHOTOS]
    pictures = [Picture(kind, b"\xff\xd8" + os.urandom(PHOTO), 1600, 1000) for kind in kinds]
    return await device.compose({"procedure": "doi", "full_name": "Nguyễn Thị Hoa"}, pictures)


def filled(folder: Path, owners: int) -> None:
    """So many owners, each with a grant, a database and a draft in it."""
    folder.mkdir(exist_ok=True)
    url = f"sqlite:///{folder}/record.sqlite"
    migrate(url)
    record, now = Record(url), utc_now()
    names = [f"{number:032x}" for number in range(1, owners + 1)]

    def known(conn: object) -> None:
        for name in names:
            grants.create_owner(conn, name, now)  # type: ignore[arg-type]
            grant = Grant(name, name, name, name * 2, now, now, now + timedelta(days=30))
            grants.create(conn, grant)  # type: ignore[arg-type]

    record.now(known)
    record.close()

    async def documents() -> None:
        engine = SqliteEngine(folder / "documents.sqlite")
        for begin in range(0, owners, 256):
            dbs = [f"drafts-{name}" for name in names[begin : begin + 256]]
            await asyncio.gather(*(engine.create(db) for db in dbs))
            edit = Edit("draft:a:b", {"sealed": "x" * 3000})
            await asyncio.gather(*(engine.write(db, [edit]) for db in dbs))
        await engine.close()

    asyncio.run(documents())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--couchdb", metavar="URL", help="with NAME:PASSWORD of an administrator")
    parser.add_argument("--owners", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(f"machine: {machine()} before", flush=True)
    figures: dict[str, list[float]] = {}
    for number in range(asked.rounds):
        with tempfile.TemporaryDirectory() as made:
            for name, command, environ in targets(Path(made), asked, number):
                with running(command, environ) as (origin, endpoint):
                    figures.setdefault(name, []).append(asyncio.run(cost(origin, endpoint)))
    first = figures["the engine alone"]
    for name, found in figures.items():
        ratio = statistics.median(a / b for a, b in zip(found, first, strict=True))
        print(f"{name:34} {statistics.median(found):7.2f} CPU-ms a draft   ratio {ratio:.2f}")
    print(f"machine: {machine()} after")


def targets(
    folder: Path, asked: argparse.Namespace, number: int
) -> Iterator[tuple[str, list[str], dict[str, str]]]:
    serve = ["server.cli", "serve", "--empty"]
    yield "the engine alone", ["tests.bench.sync.bare", str(folder)], {}
    yield "the application", serve, product(folder / "data")
    if asked.owners:
        filled(folder / "many", asked.owners)
        yield f"the application, {asked.owners} owners", serve, product(folder / "many")
    if asked.couchdb:
        parts = urlsplit(asked.couchdb)
        credentials = folder / "credentials"
        credentials.write_text(f"{parts.username}:{parts.password}")
        settings = {
            "DOIBANG_DOCUMENTS": f"{parts.scheme}://{parts.hostname}:{parts.port}",
            "DOIBANG_COUCHDB_CREDENTIALS": str(credentials),
        }
        yield "the application before CouchDB", serve, product(folder / "couch", **settings)


if __name__ == "__main__":
    main()
