"""One request and its answer: headers, query, body as a stream, JSON in and out."""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, MutableMapping
from functools import cached_property
from typing import Any, Generic
from urllib.parse import parse_qsl, quote

import orjson

from sync.engine import Engine
from sync.gate import AccessT, Gate
from sync.limits import Limits
from sync.model import (
    BadContentType,
    BadRequest,
    MethodNotAllowed,
    SyncError,
    TooLarge,
    Unauthorized,
)
from sync.tally import Tally

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_INFLATED = 1 << 18
_TOGETHER = 1 << 16


class ClientGone(Exception):
    """The connection broke before the request was whole; nobody waits for an answer."""


class Exchange(Generic[AccessT]):
    """`path` are the decoded segments after the database's name."""

    access: AccessT

    def __init__(
        self,
        engine: Engine,
        gate: Gate[AccessT],
        limits: Limits,
        scope: Scope,
        receive: Receive,
        send: Send,
        tally: Tally,
    ) -> None:
        self.engine = engine
        self.gate = gate
        self.limits = limits
        self.method: str = scope["method"]
        self.tally = tally
        self.db = ""
        self.path: list[str] = []
        self.receive = receive
        self.started = False
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._scope = scope
        self._send = send

    @cached_property
    def headers(self) -> Mapping[str, str]:
        return {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in self._scope["headers"]
        }

    # query

    @cached_property
    def query(self) -> dict[str, str]:
        try:
            text = self._scope["query_string"].decode("ascii")
            return dict(
                parse_qsl(text, keep_blank_values=True, max_num_fields=200, errors="strict")
            )
        except ValueError:
            raise BadRequest("The query string is not well formed.") from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.query.get(name)
        if value is None:
            return default
        if value not in ("true", "false"):
            raise BadRequest(f"Invalid boolean parameter: {name}={value[:40]!r}")
        return value == "true"

    def number(self, name: str, default: int) -> int:
        """Not negative, at most 10^12."""
        value = self.query.get(name)
        if value is None:
            return default
        return natural(name, value)

    def json_query(self, name: str) -> Any:
        """A parameter whose value is JSON (`startkey`, `open_revs`); None when absent."""
        value = self.query.get(name)
        if value is None:
            return None
        return parse_json(value.encode())

    # body

    async def chunks(self, inflate: bool = True) -> AsyncIterator[bytes]:
        """The body as it arrives, unzipped unless `inflate` says not to. `TooLarge` beyond
        `limits.request`, zipped or not."""
        declared = self.headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > self.limits.request:
            raise TooLarge
        encoding = self.headers.get("content-encoding", "identity") if inflate else "identity"
        unzip = zlib.decompressobj(16 + zlib.MAX_WBITS) if encoding == "gzip" else None
        if unzip is None and encoding != "identity":
            raise BadContentType(f"{encoding[:40]} is not a supported content encoding.")
        total, more = 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            more = message.get("more_body", False)
            for piece in _inflated(unzip, message.get("body", b"")):
                total += len(piece)
                if total > self.limits.request:
                    raise TooLarge
                yield piece
        if unzip is not None and not unzip.eof:
            raise BadRequest("The gzip body is cut off.")

    async def body(self) -> bytes:
        return b"".join([chunk async for chunk in self.chunks()])

    async def disconnected(self) -> None:
        """Returns when the client has gone; what is left of its request is dropped."""
        while (await self.receive())["type"] != "http.disconnect":
            continue

    def require_json(self) -> None:
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise BadContentType

    async def json_object(self) -> dict[str, Any]:
        return parse_object(await self.body())

    # answer

    async def start(self, status: int, headers: Mapping[str, str]) -> None:
        """A header without a value is left out; `cache-control` is `must-revalidate` unless said
        otherwise."""
        self.started = True
        pairs = {"cache-control": "must-revalidate", **headers}
        raw = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in pairs.items() if v]
        await self._send({"type": "http.response.start", "status": status, "headers": raw})

    async def chunk(self, data: bytes, more: bool = True) -> None:
        """One more piece of the body. Small ones leave together: a sending is a system call."""
        if self.method != "HEAD":
            self._held.append(data)
            self._held_bytes += len(data)
        if not more or self._held_bytes >= _TOGETHER:
            await self.flush(more)

    async def flush(self, more: bool = True) -> None:
        """What is held back leaves now: before a feed waits."""
        data = b"".join(self._held)
        self._held, self._held_bytes = [], 0
        if data or not more:
            await self._send({"type": "http.response.body", "body": data, "more_body": more})

    async def reply(
        self, status: int, payload: bytes | Mapping[str, Any] | list[Any], **headers: str
    ) -> None:
        """JSON; underscores in the names of `headers` are hyphens."""
        data = payload if isinstance(payload, bytes) else orjson.dumps(payload) + b"\n"
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        await self.start(
            status,
            {"content-type": "application/json", "content-length": str(len(data)), **fields},
        )
        await self.chunk(data, more=False)

    async def unchanged(self, etag: str) -> bool:
        """Answers 304 where the caller's If-None-Match names `etag`."""
        if self.headers.get("if-none-match") != etag:
            return False
        await self.start(304, {"etag": etag, "content-length": "0", "cache-control": ""})
        await self.chunk(b"", more=False)
        return True

    def location(self, *segments: str) -> str:
        """The address of what the segments name."""
        host = self.headers.get("host", "")
        base = f"{self._scope.get('scheme', 'http')}://{host}" if host else ""
        base += self._scope.get("root_path", "")
        return "/".join((base, *(quote(segment, safe=":") for segment in segments)))

    def accepts(self, content_type: str) -> bool:
        """As CouchDB reads Accept: by name or by a wild card, whatever their order."""
        wanted = self.headers.get("accept", "*/*").lower().split(",")
        kinds = {kind.partition(";")[0].strip() for kind in wanted}
        family = content_type.partition("/")[0] + "/*"
        return not kinds.isdisjoint((content_type, family, "*/*"))

    async def refuse(self, error: SyncError) -> None:
        headers = {"retry_after": str(error.retry_after)} if error.retry_after else {}
        if isinstance(error, MethodNotAllowed):
            headers["allow"] = error.allowed
        if isinstance(error, Unauthorized):
            headers["www_authenticate"] = error.challenge
        await self.reply(error.status, error.payload(), **headers)


def _inflated(inflate: Any, data: bytes) -> Iterator[bytes]:
    """In pieces of bounded size, so that a bomb meets the limit before the memory."""
    if inflate is None:
        yield data
        return
    while data:
        try:
            yield inflate.decompress(data, _INFLATED)
        except zlib.error:
            raise BadRequest("The gzip body is not well formed.") from None
        data = b"" if inflate.eof else inflate.unconsumed_tail


def natural(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**12:
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        return int(value)
    raise BadRequest(f"Invalid value for {name}: {str(value)[:40]!r} is no natural number.")


def parse_json(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        raise BadRequest("invalid UTF-8 JSON") from None


def parse_object(text: bytes) -> dict[str, Any]:
    parsed = parse_json(text)
    if not isinstance(parsed, dict):
        raise BadRequest("Request body must be a JSON object")
    return parsed
