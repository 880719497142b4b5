"""One keep-alive connection with as little HTTP as is needed: the client must not be what is
measured."""

from __future__ import annotations

import asyncio
import re

from tests.bench.sync.endpoint import Endpoint

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.I)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.I)


class Refused(Exception):
    """An answer of 400 and up that the workload does not expect."""


class Phone:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.sent = 0
        """Bytes of all requests so far."""

    async def __aenter__(self) -> Phone:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.hang_up()

    async def connect(self) -> None:
        where = self._endpoint.host, self._endpoint.port
        self._reader, self._writer = await asyncio.open_connection(*where, limit=1 << 24)

    def hang_up(self) -> None:
        self._writer.close()

    async def ask(self, method: str, path: str, *body: bytes) -> bytes:
        """Sends the pieces of the body and returns the answer's. 404 and 412 are answers."""
        self.send(method, path, sum(map(len, body)))
        for piece in body:
            await self.write(piece)
        status, text = await self.answer()
        if status >= 400 and status not in (404, 412):
            raise Refused(f"{method} {path}: {status} {text[:300]!r}")
        return text

    def send(self, method: str, path: str, length: int = 0) -> None:
        """The head of a request; the body's bytes follow by `write`."""
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n"
            f"authorization: Basic {self._endpoint.basic}\r\n"
            f"content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        ).encode()
        self.sent += len(head)
        self._writer.write(head)

    async def write(self, piece: bytes) -> None:
        self.sent += len(piece)
        self._writer.write(piece)
        await self._writer.drain()

    async def answer(self) -> tuple[int, bytes]:
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is not None:
            return int(head[9:12]), await self._reader.readexactly(int(length.group(1)))
        if not _CHUNKED.search(head):
            return int(head[9:12]), b""
        pieces = []
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            pieces.append((await self._reader.readexactly(size + 2))[:-2])
        await self._reader.readuntil(b"\r\n")
        return int(head[9:12]), b"".join(pieces)

    async def head_of_feed(self) -> None:
        """Until a waiting feed has said that it listens."""
        await self._reader.readuntil(b"[")
