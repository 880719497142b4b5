"""Requests as they come, and answers that go wrong on the wire as real ones do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

VIETNAM = timedelta(hours=7)
"""Ahead of UTC, all year."""

OUT_OF_ORDER = "<html><body><h1>503 Service Unavailable</h1></body></html>"


def down() -> Response:
    """What a gateway in front of a system that is down says: HTML, not the agreed JSON."""
    return PlainTextResponse(OUT_OF_ORDER, 503, media_type="text/html")


class CutReply(JSONResponse):
    """A reply of which only the first half leaves: the server then closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytes(self.body)
        start = {"type": "http.response.start", "status": self.status_code}
        await send(start | {"headers": self.raw_headers})
        half = body[: len(body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


async def read_object(request: Request) -> dict[str, Any] | None:
    """The JSON object of a request; None for anything else."""
    try:
        body = await request.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
