"""Worker processes with memory and time limits, replaced when they die.

Answers come back as JSON, never pickled: a worker that a hostile picture took over could otherwise
run code here.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import queue
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

START_SECONDS = 30.0
"""For a new process to import its libraries, not part of a picture's own time."""


MAX_ANSWER = 1 << 20


class WorkerDied(Exception):
    """Killed, out of memory, or crashed in a decoder."""


class WorkerLate(Exception):
    """Not done in time; it was killed."""


class Pool:
    """`work`: `module:function` of (bytes, kind or None), run in the workers, answering JSON."""

    def __init__(self, work: str, workers: int, memory: int, seconds: float) -> None:
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self._all = [_Worker(work, memory, seconds) for _ in range(workers)]
        for worker in self._all:
            self._free.put(worker)

    def ask(self, data: bytes, kind: str | None) -> dict[str, Any]:
        """Waits for a free worker. `WorkerDied`, `WorkerLate`."""
        worker = self._free.get()
        try:
            return worker.ask(data, kind)
        finally:
            self._free.put(worker)

    def close(self) -> None:
        for worker in self._all:
            worker.stop()


class _Worker:
    """One process, started when first needed and again after its end."""

    def __init__(self, work: str, memory: int, seconds: float) -> None:
        self._work = work
        self._memory = memory
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection[bytes, bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, data: bytes, kind: str | None) -> dict[str, Any]:
        with self._lock:
            pipe = self._started()
            try:
                pipe.send_bytes(json.dumps(kind).encode())
                pipe.send_bytes(data)
                if not pipe.poll(self._seconds):
                    raise WorkerLate
                answer: dict[str, Any] = json.loads(pipe.recv_bytes(MAX_ANSWER))
            except (EOFError, OSError, ValueError) as error:
                self._end()
                raise WorkerDied from error
            except WorkerLate:
                self._end()
                raise
            return answer

    def stop(self) -> None:
        with self._lock:
            self._end()

    def _started(self) -> Connection[bytes, bytes]:
        if self._pipe and self._process and self._process.poll() is None:
            return self._pipe
        self._end()
        ours, theirs = multiprocessing.Pipe()
        with theirs:
            fd = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", "ocr.worker", str(fd), self._work, str(self._memory)],
                pass_fds=[fd],
                stdin=subprocess.DEVNULL,
                env={
                    "PYTHONPATH": str(ROOT),
                    "PATH": os.environ.get("PATH", ""),
                    "OPENBLAS_NUM_THREADS": "1",  # each would map memory of its own
                },
            )
        self._pipe = ours
        try:
            if not ours.poll(START_SECONDS):
                raise WorkerLate
            ours.recv_bytes()
        except (EOFError, OSError, WorkerLate) as error:
            self._end()
            raise WorkerDied from error
        return ours

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        if self._pipe:
            self._pipe.close()
        self._process = self._pipe = None
