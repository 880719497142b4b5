"""Serves the product with a clock that a journey can move: `serve.py OFFSET_FILE [--empty]`.

The offset, in seconds, is read at start; everything else is as `doibang serve`.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server import cli


def main() -> int:
    file = Path(sys.argv[1])
    offset = timedelta(seconds=float(file.read_text()) if file.exists() else 0.0)
    return cli.main(["serve", *sys.argv[2:]], clock=lambda: datetime.now(UTC) + offset)


if __name__ == "__main__":
    raise SystemExit(main())
