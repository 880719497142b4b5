"""A load balancer in a client: each request to the next server, past one that is away."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import anyio
import httpx2


class Rounds(httpx2.AsyncBaseTransport):
    """`answered` counts the answers, so that a test can break something in the middle."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._inner = httpx2.AsyncHTTPTransport()
        self._ports = ports
        self._turn = itertools.cycle(ports)
        self._grew = anyio.Condition()
        self.answered = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        for left in reversed(range(len(self._ports))):
            url = request.url.copy_with(host="127.0.0.1", port=next(self._turn))
            sent = httpx2.Request(
                request.method, url, headers=request.headers, stream=request.stream
            )
            sent.extensions = request.extensions
            try:
                answer = await self._inner.handle_async_request(sent)
            except httpx2.ConnectError:
                if not left:
                    raise
                continue
            async with self._grew:
                self.answered += 1
                self._grew.notify_all()
            return answer
        raise AssertionError("no ports")

    async def reached(self, more: int) -> None:
        """Returns after that many more answers."""
        goal = self.answered + more
        async with self._grew:
            while self.answered < goal:
                await self._grew.wait()

    async def aclose(self) -> None:
        await self._inner.aclose()
