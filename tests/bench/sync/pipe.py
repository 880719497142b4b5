"""The least that any server must do with a draft: cut the photos out, decode, hash, write, sync."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from pathlib import Path

import orjson
import pybase64

from tests.bench.sync.workloads import draft

DRAFTS = 60


def pipe_limit() -> float:
    """Drafts a second on one core, one fdatasync a photo."""
    made = [draft(f"d{n}") for n in range(DRAFTS)]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        begin = time.perf_counter()
        for number, text in enumerate(made):
            for name, attachment in orjson.loads(text)["_attachments"].items():
                data = pybase64.b64decode(attachment["data"], validate=True)
                hashlib.md5(data, usedforsecurity=False).digest()
                with Path(folder, f"{number}-{name}").open("wb", buffering=0) as file:
                    file.write(data)
                    os.fdatasync(file.fileno())
        return DRAFTS / (time.perf_counter() - begin)
