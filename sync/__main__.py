"""`python -m sync serve`: the engine alone behind CouchDB's protocol, for one user, ungated."""

from __future__ import annotations

import argparse
import asyncio
import binascii
import hmac
import signal
import socket
import sys
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path

import uvicorn

from sync.gate import OpenGate
from sync.limits import Limits
from sync.model import SyncError, Unauthorized
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire

PUSHES = 2048
"""CouchDB's number of connections (mochiweb's `max`): one trusted user's replicator may send each
document in a request of its own, all at once, and is not told to come again."""


class WrongPassword(Unauthorized):
    challenge = 'Basic realm="sync"'
    reason = "Name or password is incorrect."


class BasicGate(OpenGate):
    """Everyone who knows the name and the password (RFC 7617)."""

    def __init__(self, user: str) -> None:
        self._user = user.encode()

    async def authorize(self, headers: Mapping[str, str], method: str, db: str | None) -> None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        try:
            given = b64decode(token, validate=True) if scheme.lower() == "basic" else b""
        except binascii.Error:
            given = b""
        if not hmac.compare_digest(given, self._user):
            raise WrongPassword


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sync",
        description="A small CouchDB: documents, revisions, attachments, replication. No views.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="serve a folder of databases over HTTP")
    serve.add_argument("--data", type=Path, required=True, help="folder; made if it is not there")
    serve.add_argument("--port", type=int, default=5984, help="0: any free port (default 5984)")
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    serve.add_argument(
        "--user", required=True, metavar="NAME:PASSWORD", help="who may do everything (Basic auth)"
    )
    return parser


def _serve(data: Path, listener: socket.socket, user: str) -> None:
    engine = SqliteEngine(data / "documents.sqlite")
    config = uvicorn.Config(
        Wire(engine, BasicGate(user), Limits(pushes=PUSHES)),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=90,  # a replicator rests longer than 5 s and does not ask twice
        timeout_graceful_shutdown=3,  # waiting feeds would hold it up for ever
    )
    host, port = listener.getsockname()[:2]
    print(f"http://{host}:{port}/", flush=True)
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises it again when it has stopped
        signal.signal(number, lambda *_: None)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        try:
            runner.run(uvicorn.Server(config).serve(sockets=[listener]))
        finally:
            runner.run(engine.close())


def main() -> int:
    given = _parser().parse_args()
    if ":" not in given.user:
        print("--user wants NAME:PASSWORD", file=sys.stderr)
        return 2
    try:
        listener = socket.create_server((given.host, given.port), backlog=2048)
        _serve(given.data, listener, given.user)
    except (OSError, SyncError) as error:
        print(f"cannot serve: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
