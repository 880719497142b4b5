"""What the wire costs: `python tests/bench/sync_wire.py [--drafts N] [--edits N] [--phones N]`.

Plays the requests that PouchDB 9 makes against `python -m sync serve` over loopback and prints
  W1  first sync of drafts with 4 photos of 300 KB, inline base64, `phones` at once
  W2  edits one by one, 4 requests each (_revs_diff, _bulk_docs, _local GET and PUT)
  W3  memory of a waiting longpoll
  W6  memory of 64 MB in one _bulk_docs
CPU is the server's (user + system); rates depend on this client and on what else runs.
fdatasyncs are counted in a second, shorter W2 under strace, where it is there and allowed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[2]
PHOTO = 300_000
HEAD, TAIL = (b'{"docs":[',), (b'],"new_edits":false}',)


class Server:
    def __init__(self, folder: Path, before: list[str]) -> None:
        serve = [sys.executable, "-m", "sync", "serve", "--port", "0", "--user", "b:b"]
        self.process = subprocess.Popen(
            [*before, *serve, "--data", str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    @property
    def cpu_ms(self) -> float:
        """From the scheduler, in nanoseconds: /proc/PID/stat counts ticks of 10 ms."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6

    def memory_kb(self, name: str = "VmRSS") -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(rf"{name}:\s+(\d+)", status)
        return int(found.group(1)) if found else 0

    def stop(self) -> None:
        """strace does not pass a signal on: end what it traces, then it ends itself."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(int(children[0]) if children else pid, signal.SIGTERM)
        self.process.wait(timeout=20)

    def forget_peak(self) -> None:
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


@contextmanager
def running(before: list[str] | None = None) -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="sync-bench-", dir=os.environ.get("BENCH_DIR")))
    server = Server(folder, before or [])
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


class Phone:
    """One keep-alive connection, as little HTTP as is needed: the client must not be what is
    measured."""

    def __init__(self, server: Server) -> None:
        self._address = server.url.removeprefix("http://").rstrip("/").split(":")

    async def __aenter__(self) -> Phone:
        host, port = self._address
        self._reader, self._writer = await asyncio.open_connection(host, int(port))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def ask(self, method: str, path: str, *body: bytes) -> None:
        """Sends the pieces of the body, reads the answer. Any refusal but 404 and 412 is an
        error."""
        self.send(method, path, sum(map(len, body)))
        for piece in body:
            self._writer.write(piece)
            await self._writer.drain()
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status, length = int(head[9:12]), re.search(rb"content-length: (\d+)", head)
        if length is None:
            raise RuntimeError(f"{method} {path}: an answer without length: {head!r}")
        text = await self._reader.readexactly(int(length.group(1)))
        if status >= 400 and status not in (404, 412):
            raise RuntimeError(f"{method} {path}: {status} {text!r}")

    def send(self, method: str, path: str, length: int = 0) -> None:
        self._writer.write(
            f"{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Basic Yjpi\r\n"
            f"content-type: application/json\r\ncontent-length: {length}\r\n\r\n".encode()
        )

    async def head_of_feed(self) -> None:
        await self._reader.readuntil(b"[\n")


def draft(name: str) -> bytes:
    """One document with its photos; random bytes, so that nothing is a duplicate."""
    attachments = {
        f"p{n}.jpg": {
            "content_type": "image/jpeg",
            "data": b64encode(os.urandom(PHOTO)).decode(),
        }
        for n in range(4)
    }
    document = {
        "_id": name,
        "_rev": "1-a",
        "_revisions": {"start": 1, "ids": ["a"]},
        "text": "x" * 3000,
        "_attachments": attachments,
    }
    return orjson.dumps(document)


async def first_sync(server: Server, phone: int, drafts: list[bytes]) -> None:
    async with Phone(server) as http:
        await http.ask("PUT", f"/w1-{phone}")
        for number, text in enumerate(drafts):
            asked = orjson.dumps({f"d{number}": ["1-a"]})
            await http.ask("POST", f"/w1-{phone}/_revs_diff", asked)
            await http.ask("POST", f"/w1-{phone}/_bulk_docs", *HEAD, text, *TAIL)


async def edit_one_by_one(server: Server, phone: int, edits: int) -> None:
    db, known = f"/w2-{phone}", ["0" * 32]
    async with Phone(server) as http:
        await http.ask("PUT", db)
        for number in range(2, edits + 2):
            known.insert(0, f"{number:032x}")
            rev = f"{number}-{known[0]}"
            await http.ask("POST", f"{db}/_revs_diff", orjson.dumps({"d": [rev]}))
            revisions = {"start": number, "ids": known}
            document = {"_id": "d", "_rev": rev, "_revisions": revisions, "text": "x" * 3000}
            await http.ask("POST", f"{db}/_bulk_docs", *HEAD, orjson.dumps(document), *TAIL)
            await http.ask("GET", f"{db}/_local/c")
            await http.ask("PUT", f"{db}/_local/c", b'{"seq":%d}' % number)


async def measured(server: Server, work: list[Coroutine[None, None, None]], total: int) -> str:
    cpu, begin = server.cpu_ms, time.perf_counter()
    await asyncio.gather(*work)
    seconds = time.perf_counter() - begin
    return f"{total / seconds:8.0f} /s   {(server.cpu_ms - cpu) / total:6.2f} CPU-ms each"


async def waiting(server: Server, connections: int) -> str:
    async with AsyncExitStack() as stack:
        phones = [await stack.enter_async_context(Phone(server)) for _ in range(connections)]
        for number, phone in enumerate(phones):
            await phone.ask("PUT", f"/w3-{number}")
        before = server.memory_kb()
        for number, phone in enumerate(phones):
            phone.send("GET", f"/w3-{number}/_changes?feed=longpoll&since=now&heartbeat=60000")
        for phone in phones:
            await phone.head_of_feed()
        used = (server.memory_kb() - before) / connections
    return f"{used:8.1f} KB a waiting longpoll ({connections})"


async def one_large_request(server: Server) -> str:
    drafts = [(b"," if n else b"") + draft(f"d{n}") for n in range(40)]
    async with Phone(server) as http:
        await http.ask("PUT", "/w6")
        server.forget_peak()
        base, begin = server.memory_kb(), time.perf_counter()
        await http.ask("POST", "/w6/_bulk_docs", *HEAD, *drafts, *TAIL)
        rate = 64 / (time.perf_counter() - begin)
    return f"{(server.memory_kb('VmHWM') - base) / 1024:8.1f} MB over base   {rate:.0f} MB/s"


async def run(given: argparse.Namespace) -> None:
    with running() as server:  # a fresh heap: the peak of another workload would hide this one's
        print("W6       ", await one_large_request(server), flush=True)
    with running() as server:
        print("W3       ", await waiting(server, given.waiting), flush=True)
        total = given.edits * given.phones
        work = [edit_one_by_one(server, n, given.edits) for n in range(given.phones)]
        print("W2 edits ", await measured(server, work, total), flush=True)
        drafts = [[draft(f"d{n}") for n in range(given.drafts)] for _ in range(given.phones)]
        work = [first_sync(server, n, mine) for n, mine in enumerate(drafts)]
        print("W1 drafts", await measured(server, work, given.drafts * given.phones), flush=True)
    print("fsyncs   ", await counted(given))


async def counted(given: argparse.Namespace) -> str:
    if shutil.which("strace") is None:
        return "not counted: strace is not installed"
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as report:
        trace = ["strace", "-f", "-c", "-o", report.name, "-e", "trace=fsync,fdatasync"]
        with running(trace) as server:
            if not server.url:
                return "not counted: strace may not trace here"
            work = (edit_one_by_one(server, n, given.edits) for n in range(given.phones))
            await asyncio.gather(*work)
        calls = sum(int(n) for n in re.findall(r"(\d+)\s+f(?:data)?sync", report.read()))
    durable = given.edits * given.phones * 2
    return f"{calls} for {durable} durable writes: {calls / durable:.2f} each"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--drafts", type=int, default=5, help="W1 drafts a phone")
    parser.add_argument("--edits", type=int, default=30, help="W2 edits a phone")
    parser.add_argument("--phones", type=int, default=16, help="phones at once")
    parser.add_argument("--waiting", type=int, default=300, help="W3 connections")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
