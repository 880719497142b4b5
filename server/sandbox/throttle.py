"""The switch *slow link*: a 2G-like line in front of the replication endpoint, in pure ASGI."""

from __future__ import annotations

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.sandbox.switches import Switches

BYTES_PER_SECOND = 400_000 / 8
DELAY_SECONDS = 0.4


class SlowLink:
    """Delays each request once and paces its bodies both ways while the switch is on."""

    def __init__(
        self,
        app: ASGIApp,
        switches: Switches,
        *,
        rate: float = BYTES_PER_SECOND,
        delay: float = DELAY_SECONDS,
    ) -> None:
        self._app = app
        self._switches = switches
        self._rate = rate
        self._delay = delay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._switches.slow_link:
            await self._app(scope, receive, send)
            return

        async def slow_receive() -> Message:
            message = await receive()
            await self._pace(message)
            return message

        async def slow_send(message: Message) -> None:
            await self._pace(message)
            await send(message)

        await anyio.sleep(self._delay)
        await self._app(scope, slow_receive, slow_send)

    async def _pace(self, message: Message) -> None:
        if body := message.get("body", b""):
            await anyio.sleep(len(body) / self._rate)
