"""A slow link: a TCP proxy on loopback between the browser and the server.

Everything that the phone sends, from the page or from the service worker, passes one bottleneck in
each direction, as on a mobile network. (Chromium's own throttle is set per page and leaves the
worker's traffic alone.) Bytes are those on the socket: HTTP with its headers, without TCP/IP. A new
connection waits one round trip before its first byte, as the TCP handshake would take.
"""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

SEGMENT = 1460  # bytes: what a TCP segment carries on Ethernet
QUEUE = 0.1  # seconds of traffic that the bottleneck holds before it pushes back
REQUEST = re.compile(rb"([A-Z]+) (\S+) HTTP/1\.1\r\n")
ANSWER = re.compile(rb"HTTP/1\.1 (\d{3})")

Arrive = Callable[[bytes, float], None]


@dataclass
class Exchange:
    """One request with its answer. Times are time.monotonic() as the browser would see them: the
    request left it, the last byte so far reached it."""

    method: str
    path: str
    began: float
    status: int = 0
    ended: float = 0.0
    up: int = 0
    down: int = 0


@dataclass
class Line:
    """One direction: `rate` bytes a second (0: unlimited), `delay` seconds from end to end."""

    rate: float = 0.0
    delay: float = 0.0
    free_at: float = 0.0

    async def admit(self) -> None:
        """Returns when the queue before the bottleneck has room."""
        await asyncio.sleep(self.free_at - time.monotonic() - QUEUE)

    def arrival(self, size: int) -> float:
        """When so many bytes, handed over now, are at the other end."""
        self.free_at = max(self.free_at, time.monotonic())
        if self.rate:
            self.free_at += size / self.rate
        return self.free_at + self.delay


@dataclass
class Link:
    """Listens on `port` (0: any) for the server on `target`. `up` is False while there is no
    network; `exchanges` are the requests since the last `forget()`; `fuse` is how many bytes the
    phone may send until the network goes."""

    target: int
    port: int = 0
    up: bool = True
    fuse: int | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    to_server: Line = field(default_factory=Line)
    to_phone: Line = field(default_factory=Line)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._carrying: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._call(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def slow(self, kbps: float = 400, round_trip_ms: float = 400) -> None:
        for line in (self.to_server, self.to_phone):
            line.rate, line.delay = kbps * 125, round_trip_ms / 2000

    def fast(self) -> None:
        for line in (self.to_server, self.to_phone):
            line.rate = line.delay = 0.0

    def forget(self) -> None:
        self.exchanges.clear()

    def cut(self) -> None:
        """No network from now on; what is under way is lost."""
        self.up = False
        self._call(self._hang_up())

    def close(self) -> None:
        self.cut()
        self._call(self._stop_listening())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def _stop_listening(self) -> None:
        self._server.close()
        await self._server.wait_closed()

    def _accept(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._carry(phone, back))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _hang_up(self) -> None:
        carrying = list(self._carrying)
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)

    def _fused(self, count: Arrive) -> Arrive:
        def asked(data: bytes, at: float) -> None:
            count(data, at)
            if self.fuse is None:
                return
            self.fuse -= len(data)
            if self.fuse <= 0:
                self.fuse, self.up = None, False
                self._blown = self._loop.create_task(self._hang_up())
                raise ConnectionResetError("the fuse blew")

        return asked

    async def _carry(self, phone: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One connection, until either side hangs up, the network is cut or the server is gone:
        the other side then sees its connection reset."""
        ends = [back]
        try:
            if not self.up:
                return
            server, forth = await asyncio.open_connection("127.0.0.1", self.target)
            ends.append(forth)
            seen = Conversation(self.exchanges)
            handshake = time.monotonic() + self.to_server.delay + self.to_phone.delay
            async with asyncio.TaskGroup() as both:
                both.create_task(
                    _pump(phone, forth, self.to_server, self._fused(seen.asked), handshake)
                )
                both.create_task(_pump(server, back, self.to_phone, seen.answered, 0.0))
        except* OSError:
            pass
        finally:
            for end in ends:
                end.transport.abort()


class Conversation:
    """Finds requests and answers in one connection. A browser asks one thing at a time on it, so
    a request starts with the first segment after an answer."""

    def __init__(self, exchanges: list[Exchange]) -> None:
        self._exchanges = exchanges
        self._now: Exchange | None = None

    def asked(self, data: bytes, _: float) -> None:
        if (self._now is None or self._now.status) and (head := REQUEST.match(data)):
            began = time.monotonic()
            self._now = Exchange(head[1].decode(), head[2].decode(), began)
            self._exchanges.append(self._now)
        if self._now:
            self._now.up += len(data)

    def answered(self, data: bytes, at: float) -> None:
        if self._now is None:
            return
        if not self._now.status and (head := ANSWER.match(data)):
            self._now.status = int(head[1])
        self._now.down += len(data)
        self._now.ended = at


async def _pump(
    source: asyncio.StreamReader,
    sink: asyncio.StreamWriter,
    line: Line,
    count: Arrive,
    not_before: float,
) -> None:
    """Carries one direction in order: reading waits for the bottleneck, delivery for the delay."""
    queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            at, data = await queue.get()
            await asyncio.sleep(at - time.monotonic())
            if not data:
                return
            sink.write(data)
            await sink.drain()

    async def read() -> None:
        while True:
            await line.admit()
            data = await source.read(SEGMENT)
            at = max(line.arrival(len(data)), not_before + line.delay)
            if data:
                count(data, at)
            queue.put_nowait((at, data))
            if not data:
                return

    async with asyncio.TaskGroup() as both:
        both.create_task(deliver())
        both.create_task(read())
    if sink.can_write_eof():
        sink.write_eof()
