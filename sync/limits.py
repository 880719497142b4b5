"""How much the wire takes. The defaults are CouchDB 3.4's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Quota = Callable[[str], Awaitable[int | None]]
"""Bytes that the database of this name may hold (bodies and attachments); None: no limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, except `pushes`: requests that bring documents at the same time; one more is
    answered 503 with Retry-After. `document` is the JSON without the attachments' data.
    `terse`: what a replicator PUTs is answered without Location and ETag, which it named itself: on
    a slow link every byte back counts."""

    document: int = 8_000_000
    attachment: int = 1 << 30
    request: int = 4 << 30
    pushes: int = 64
    quota: Quota | None = None
    terse: bool = False
