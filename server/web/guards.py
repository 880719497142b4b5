"""ASGI middleware around everything: security headers, the Origin check, body sizes, the log."""

from __future__ import annotations

import logging
import time
from collections import Counter
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import Forbidden, InvalidInput
from server.errors import Message as Text

log = logging.getLogger("doibang.http")

API_BODY_LIMIT = 64 * 1024
SIGNED = frozenset({"/api/authority/decisions"})
"""Other systems ask here, which are no browsers: a signature says who they are."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

HEADERS = {
    "content-security-policy": "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
        ]
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

# On a slow link the rest costs more than it gives: a device reads these answers by script only.
NOT_A_PAGE = ("/assets/", "/db/")
FOR_SCRIPTS = ("x-content-type-options",)

OTHER_ORIGIN = Text(
    "Yêu cầu đến từ trang khác và bị từ chối. Hãy mở lại ứng dụng Đổi Bằng.",
    "The request came from another site and was refused. Open Đổi Bằng again.",
)
TOO_LARGE = Text(
    "Nội dung gửi lên quá lớn (tối đa 64 KiB).", "The body is too large (64 KiB at most)."
)


class SecurityHeaders:
    """Adds what an answer has not set itself. `secure`: the origin is https. What speaks about a
    page is left out of the app's parts and of replication's good answers."""

    def __init__(self, app: ASGIApp, secure: bool) -> None:
        self._app = app
        self._headers = dict(HEADERS)
        if secure:
            self._headers["strict-transport-security"] = "max-age=31536000"
        self._fewer = {name: HEADERS[name] for name in FOR_SCRIPTS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                lean = message["status"] < 300 and scope["path"].startswith(NOT_A_PAGE)
                for name, value in (self._fewer if lean else self._headers).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, headed if scope["type"] == "http" else send)


class ApiGuard:
    """`/api` only: unsafe requests name our origin (no CSRF), bodies have at most 64 KiB."""

    def __init__(self, app: ASGIApp, origin: str) -> None:
        self._app = app
        self._origin = origin.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        free = scope["method"] in SAFE or scope["path"] in SIGNED
        if not free and headers.get(b"origin") != self._origin:
            raise Forbidden("other_origin", OTHER_ORIGIN)
        if _length(headers.get(b"content-length")) > API_BODY_LIMIT:
            raise InvalidInput(None, "too_large", TOO_LARGE)
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > API_BODY_LIMIT:
                raise InvalidInput(None, "too_large", TOO_LARGE)
            return message

        await self._app(scope, counted, send)


def _length(value: bytes | None) -> int:
    return int(value) if value and value.isdigit() and len(value) < 20 else 0


class RequestLog:
    """One line a request: method, path, status, milliseconds. Never a query string, a body, a
    header or an address, so that nothing personal reaches a log."""

    def __init__(self, app: ASGIApp, counts: Counter[tuple[str, int]]) -> None:
        self._app = app
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 0

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            took = (time.perf_counter() - begun) * 1000
            self._counts[scope["method"][:8], status] += 1
            path = quote(scope["path"][:200], safe="/:")
            log.info("%s %s %d %.0f ms", scope["method"][:8], path, status, took)
