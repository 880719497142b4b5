"""One HTTP exchange with an outside system; whatever goes wrong becomes a port error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import httpx2

from server.connectors.circuit import Circuit
from server.errors import Throttled, Unavailable

T = TypeVar("T")
LONGEST_EXCHANGE = 120.0  # seconds, however steadily a reply dribbles in
LARGEST_REPLY = 4 * 1024 * 1024
RETRY_AFTER = 60.0  # seconds, where a 429 names none
LONGEST_RETRY_AFTER = 24 * 3600.0


def new_client(timeout: float = 15, connect: float = 5) -> httpx2.AsyncClient:
    """The one client of all connectors. Seconds; `timeout` is for each read and write."""
    return httpx2.AsyncClient(timeout=httpx2.Timeout(timeout, connect=connect), trust_env=False)


class Reply(NamedTuple):
    status: int
    body: Mapping[str, object]


class System:
    """`name` is what people read in an error; `client` is shared by all connectors."""

    def __init__(self, name: str, url: str, client: httpx2.AsyncClient) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._client = client
        self._circuit = Circuit(name)

    def ready(self) -> None:
        """Raises Unavailable while the system is left alone after failures."""
        self._circuit.closed()

    async def exchange(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """The reply with its JSON object, for status 200 to 499 without 401, 403 and 429. `body`
        goes as JSON, `form` in its place as a form. Raises Unavailable and Throttled."""

        async def call() -> Reply:
            sent: dict[str, Any] = {"json": body} if form is None else {"data": form}
            status, content = await self._timely(method, path, headers, **sent)
            return Reply(status, self.object(content))

        return await self._counted(call)

    async def post(self, path: str, content: bytes, headers: Mapping[str, str]) -> int:
        """The status alone, of bytes that are answered with nothing to read. Otherwise like
        `exchange`."""

        async def call() -> int:
            return (await self._timely("POST", path, headers, content=content))[0]

        return await self._counted(call)

    async def _counted(self, call: Callable[[], Awaitable[T]]) -> T:
        self._circuit.check()
        try:
            reply = await call()
        except Unavailable:
            self._circuit.failed()
            raise
        self._circuit.succeeded()
        return reply

    async def _timely(
        self, method: str, path: str, headers: Mapping[str, str] | None, **body: Any
    ) -> tuple[int, bytearray]:
        try:
            async with asyncio.timeout(LONGEST_EXCHANGE):
                return await self._sent(method, path, headers, **body)
        except (httpx2.TimeoutException, TimeoutError):
            raise Unavailable(self.name, "no answer in time") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
            raise Unavailable(self.name, type(failure).__name__) from None

    async def _sent(
        self, method: str, path: str, headers: Mapping[str, str] | None, **body: Any
    ) -> tuple[int, bytearray]:
        content = bytearray()
        async with self._client.stream(
            method, self._url + path, headers=headers, **body
        ) as response:
            self._turn_away(response.status_code, response.headers.get("retry-after", ""))
            async for part in response.aiter_bytes():
                content += part
                if len(content) > LARGEST_REPLY:
                    raise self.malformed("larger than 4 MiB")
        return response.status_code, content

    def malformed(self, what: str) -> Unavailable:
        """A reply against the agreement. Nothing of it is quoted: it may hold personal data."""
        return Unavailable(self.name, f"malformed reply: {what}")

    def credentials(self) -> Unavailable:
        return Unavailable(self.name, "credentials")

    def text(self, values: Mapping[str, object], key: str) -> str:
        """A text of the reply, `""` where absent. Anything else is malformed."""
        value = values.get(key, "")
        if not isinstance(value, str):
            raise self.malformed(key)
        return value

    def inner(self, values: Mapping[str, object], key: str) -> Mapping[str, object]:
        value = values.get(key)
        if not isinstance(value, dict):
            raise self.malformed(key)
        return value

    def rows(self, values: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
        """A list of objects, empty where absent."""
        value = values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self.malformed(key)
        return value

    def _turn_away(self, status: int, retry_after: str) -> None:
        if status == 429:
            seconds = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0.0
            raise Throttled(self.name, min(seconds or RETRY_AFTER, LONGEST_RETRY_AFTER))
        if status in (401, 403):
            raise self.credentials()
        if not 200 <= status < 500:
            raise Unavailable(self.name, f"HTTP {status}")

    def object(self, content: bytes | bytearray) -> Mapping[str, object]:
        """The JSON object that was sent; half a surrogate in it is no text."""
        try:
            value = json.loads(content)
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise self.malformed("not JSON") from None
        if not isinstance(value, dict):
            raise self.malformed("not an object")
        return value
