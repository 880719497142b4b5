"""HTTP to a CouchDB: addresses, credentials, and its refusals as `SyncError`s."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import httpx2
import orjson

from sync.model import (
    NO_DATABASE,
    AttachmentTooLarge,
    BadRequest,
    Conflict,
    DigestMismatch,
    DocumentTooLarge,
    DocumentValidation,
    FileExists,
    Forbidden,
    IllegalDatabaseName,
    IllegalDocumentId,
    MissingStub,
    NotFound,
    SyncError,
    TooLarge,
    Unavailable,
)

log = logging.getLogger("sync.couch")

Json = Any
_RETRY = 5
"""Seconds after which a device may ask again while CouchDB is away."""
_KNOWN: dict[str, type[SyncError]] = {
    each.error: each
    for each in (
        AttachmentTooLarge,
        Conflict,
        DigestMismatch,
        DocumentTooLarge,
        DocumentValidation,
        Forbidden,
        IllegalDatabaseName,
        IllegalDocumentId,
        MissingStub,
        TooLarge,
    )
}
_BY_STATUS: dict[int, type[SyncError]] = {
    400: BadRequest,
    409: Conflict,
    412: FileExists,
    413: TooLarge,
}


def segment(text: str) -> str:
    """One segment of a path; `.` and `..` too are names, not directions (RFC 3986 §6.2.2.3)."""
    quoted = quote(text, safe="")
    return quoted.replace(".", "%2E") if set(quoted) == {"."} else quoted


def flag(value: bool) -> str:
    return "true" if value else "false"


class Couch:
    """`url` without credentials. Every method raises `Unavailable` when CouchDB does not answer,
    answers 5xx, or refuses our credentials."""

    def __init__(self, url: str, user: str, password: str, connections: int = 100) -> None:
        self.url = url.rstrip("/")
        self._client = httpx2.AsyncClient(
            auth=httpx2.BasicAuth(user, password) if user else None,
            headers={"accept": "application/json", "accept-encoding": "identity"},
            timeout=httpx2.Timeout(30, connect=3),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=connections),
            trust_env=False,
        )

    def path(self, *segments: str) -> str:
        return "/".join((self.url, *map(segment, segments)))

    async def json(
        self,
        method: str,
        *segments: str,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Json:
        """The parsed answer of a request with a JSON body. Raises the refusal."""
        headers = {"content-type": "application/json"} if body is not None else {}
        return await self.send(method, *segments, params=params, body=body, headers=headers)

    async def send(
        self,
        method: str,
        *segments: str,
        params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        try:
            answer = await self._client.request(
                method, self.path(*segments), params=params, content=body, headers=headers
            )
        except httpx2.HTTPError as error:
            raise _away(error) from None
        if answer.status_code == 202 and len(segments) > 1:  # below its write quorum
            raise Unavailable("Too few of the store's nodes answered.", retry_after=_RETRY)
        if answer.is_success:
            return _parse(answer.content) if answer.content else None
        raise refusal(answer.status_code, answer.content)

    @asynccontextmanager
    async def stream(
        self, *segments: str, params: Mapping[str, str], silence: float = 30
    ) -> AsyncIterator[httpx2.Response]:
        """The open answer of a GET. `silence`: seconds without a byte that mean a broken line."""
        timeout = httpx2.Timeout(silence, connect=3)
        url = self.path(*segments)
        try:
            async with self._client.stream("GET", url, params=params, timeout=timeout) as answer:
                if not answer.is_success:
                    raise refusal(answer.status_code, await answer.aread())
                yield answer
        except httpx2.HTTPError as error:
            raise _away(error) from None

    async def close(self) -> None:
        await self._client.aclose()


def _away(error: Exception) -> Unavailable:
    log.warning("CouchDB did not answer: %s", type(error).__name__)
    return Unavailable("The document store does not answer. Try again.", retry_after=_RETRY)


def _parse(content: bytes) -> Json:
    try:
        return orjson.loads(content)
    except ValueError:
        log.warning("CouchDB answered what is no JSON")
        raise Unavailable("The document store does not answer. Try again.") from None


def refusal(status: int, content: bytes) -> SyncError:
    """The error that a CouchDB answer stands for."""
    said = _parse(content) if content.startswith(b"{") else {}
    return refused(status, str(said.get("error", "")), str(said.get("reason", "")))


def refused(status: int, error: str, reason: str) -> SyncError:
    """`status` 0 where only a row's error name is known."""
    if status in (401, 403) and error in ("unauthorized", "forbidden"):
        log.error("CouchDB refuses our credentials: %s", reason)
        return Unavailable("The document store refuses this server. Tell the administrator.")
    if status == 404 or error == "not_found":
        gone = reason in (NO_DATABASE, "no_db_file", "Database does not exist")
        return NotFound(NO_DATABASE if gone else reason or None)
    known = _KNOWN.get(error) or _BY_STATUS.get(status)
    if known is not None:
        return known(reason or None)
    log.warning("CouchDB answered %d %s: %s", status, error, reason)
    return Unavailable("The document store could not do it. Try again.", retry_after=_RETRY)
