"""What is measured: our own engine, started here, and a CouchDB that runs already."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Endpoint:
    """`pid`: of the server; its children count too. None: its CPU and memory cannot be read."""

    name: str
    host: str
    port: int
    basic: str
    pid: int | None

    @property
    def cpu_ms(self) -> float:
        """User and system time of the process tree so far, from the scheduler in nanoseconds:
        /proc/PID/stat counts ticks of 10 ms."""
        total = 0
        for pid in self._tree():
            for task in Path(f"/proc/{pid}/task").iterdir():
                total += int((task / "schedstat").read_text().split()[0])
        return total / 1e6

    def memory_kb(self, name: str = "VmRSS") -> int:
        found = 0
        for pid in self._tree():
            status = Path(f"/proc/{pid}/status").read_text()
            line = re.search(rf"{name}:\s+(\d+)", status)
            found += int(line.group(1)) if line else 0
        return found

    def forget_peak(self) -> None:
        for pid in self._tree():
            Path(f"/proc/{pid}/clear_refs").write_text("5")

    def _tree(self) -> list[int]:
        if self.pid is None:
            return []
        found, rest = [], [self.pid]
        while rest:
            pid = rest.pop()
            found.append(pid)
            rest += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


def couchdb(url: str, pid: int | None) -> Endpoint:
    """`url` with an administrator's name and password."""
    parts = urlsplit(url)
    basic = b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    return Endpoint("CouchDB", parts.hostname or "", parts.port or 5984, basic, pid)


@contextmanager
def in_front(url: str) -> Iterator[Endpoint]:
    """Our wire before that CouchDB; the CPU is the wire's alone."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.bench.sync.bare", folder, url]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            parts = urlsplit(process.stdout.readline().split()[0])
            yield Endpoint("front", "127.0.0.1", parts.port or 0, "", process.pid)
        finally:
            process.terminate()
            process.communicate(timeout=20)


@contextmanager
def ours(
    before: list[str] | None = None, environ: dict[str, str] | None = None
) -> Iterator[Endpoint]:
    """`python -m sync serve` on a new folder (below BENCH_DIR, where it is set). `before` goes in
    front of the command."""
    folder = Path(tempfile.mkdtemp(prefix="sync-bench-", dir=os.environ.get("BENCH_DIR")))
    serve = [sys.executable, "-m", "sync", "serve", "--port", "0", "--user", "b:b"]
    process = subprocess.Popen(
        [*(before or []), *serve, "--data", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environ or {})},
    )
    try:
        assert process.stdout is not None
        parts = urlsplit(process.stdout.readline().strip())
        basic = b64encode(b"b:b").decode()
        yield Endpoint("sync", parts.hostname or "", parts.port or 0, basic, process.pid)
    finally:
        # strace does not pass a signal on: end what it traces, then it ends itself.
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(children[0]) if before and children else process.pid, signal.SIGTERM)
        process.wait(timeout=20)
        if process.stdout is not None:
            process.stdout.close()
        shutil.rmtree(folder)
