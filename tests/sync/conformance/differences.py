"""What we answer otherwise than CouchDB 3.4 on purpose; the test finds exactly these.

One row: which requests (a regular expression over `group: METHOD path`), what of our answer is
otherwise (`...`: whatever it says), and why."""

from __future__ import annotations

from types import EllipsisType
from typing import Any

Said = dict[str, Any]
REFUSED: Said = {"status": 400, "body.error": "bad_request", "body.reason": ...}

DIFFERENCES: list[tuple[str, Said | EllipsisType, str]] = [
]
