"""The replication endpoint without the product: every grant is welcome, nobody decides. Prints its
address. `python -m tests.bench.sync.bare FOLDER [COUCHDB_URL]`: on the embedded engine, or in front
of that CouchDB."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from server.auth.keys import KeyRing
from server.container import utc_now
from sync.couch_engine import CouchEngine
from sync.engine import Engine
from sync.gate import OpenGate
from sync.limits import Limits
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire


def main(folder: Path, url: str = "") -> None:
    keys = KeyRing(folder / "keys", utc_now)

    async def public_keys(request: Request) -> JSONResponse:
        return JSONResponse({"keys": keys.public_keys()})

    async def grant(request: Request) -> JSONResponse:
        return JSONResponse({}, 201)

    wire = Wire(_engine(folder, url), OpenGate(), Limits(terse=True))
    routes = [
        Route("/api/keys", public_keys),
        Route("/api/grants", grant, methods=["POST"]),
        Mount("/db", wire),
        Mount("/", wire),
    ]
    config = uvicorn.Config(
        Starlette(routes=routes), log_level="warning", access_log=False, lifespan="off"
    )
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://localhost:{listener.getsockname()[1]} READY", flush=True)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(uvicorn.Server(config).serve(sockets=[listener]))


def _engine(folder: Path, url: str) -> Engine:
    if not url:
        return SqliteEngine(folder / "documents.sqlite")
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.hostname}:{parts.port}"
    return CouchEngine(address, parts.username or "", parts.password or "")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
