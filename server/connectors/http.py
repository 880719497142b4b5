"""One HTTP exchange with an outside system; whatever goes wrong becomes a port error."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import httpx2

from server.errors import Throttled, Unavailable

TIMEOUT = httpx2.Timeout(15, connect=5)
LARGEST_REPLY = 4 * 1024 * 1024
RETRY_AFTER = 60.0  # seconds, where a 429 names none
LONGEST_RETRY_AFTER = 24 * 3600.0


class Reply(NamedTuple):
    status: int
    body: Mapping[str, object]


class System:
    """`name` is what people read in an error; `client` is shared by all connectors."""

    def __init__(self, name: str, url: str, client: httpx2.AsyncClient) -> None:
        self.name = name
        self._url = url.rstrip("/")
        self._client = client

    async def exchange(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """The reply with its JSON object, for status 200 to 499 without 401, 403 and 429.
        Raises Unavailable and Throttled."""
        try:
            async with self._client.stream(
                method, self._url + path, json=body, headers=headers, timeout=TIMEOUT
            ) as response:
                status = response.status_code
                self._turn_away(status, response.headers.get("retry-after", ""))
                content = bytearray()
                async for part in response.aiter_bytes():
                    content += part
                    if len(content) > LARGEST_REPLY:
                        raise self.malformed("larger than 4 MiB")
        except httpx2.TimeoutException:
            raise Unavailable(self.name, "no answer in time") from None
        except (httpx2.HTTPError, httpx2.InvalidURL) as failure:
            raise Unavailable(self.name, type(failure).__name__) from None
        return Reply(status, self._object(content))

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

    def _object(self, content: bytes | bytearray) -> Mapping[str, object]:
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            raise self.malformed("not JSON") from None
        if not isinstance(value, dict):
            raise self.malformed("not an object")
        return value
