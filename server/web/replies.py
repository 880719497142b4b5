"""JSON answers of the interface: never cached, UTF-8."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.responses import Response


def reply(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, {"cache-control": "no-store"}, "application/json")


def done() -> Response:
    """204: nothing to say."""
    return Response(status_code=204, headers={"cache-control": "no-store"})
