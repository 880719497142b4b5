"""Worker processes with memory and time limits, replaced when they die.

Answers come back as JSON, never pickled: a worker that a hostile picture took over could otherwise
run code here.
"""

from __future__ import annotations

import json
import multiprocessing
import queue
import resource
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

START_SECONDS = 30.0
"""For a new process to import its libraries, not part of a picture's own time."""

Work = Callable[[bytes, str | None], dict[str, Any]]
"""A module-level function, found by its name in the worker process; its answer is JSON."""

_spawn = multiprocessing.get_context("spawn")


class WorkerDied(Exception):
    """Killed, out of memory, or crashed in a decoder."""


class WorkerLate(Exception):
    """Not done in time; it was killed."""


class Pool:
    def __init__(self, work: Work, workers: int, memory: int, seconds: float) -> None:
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

    def __init__(self, work: Work, memory: int, seconds: float) -> None:
        self._work = work
        self._memory = memory
        self._seconds = seconds
        self._process: SpawnProcess | None = None
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
                answer: dict[str, Any] = json.loads(pipe.recv_bytes())
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
        if self._pipe and self._process and self._process.is_alive():
            return self._pipe
        self._end()
        ours, theirs = _spawn.Pipe()
        self._process = _spawn.Process(
            target=_serve, args=(self._work, theirs, self._memory), daemon=True
        )
        self._process.start()
        theirs.close()
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
            self._process.join()
            self._process.close()
        if self._pipe:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(work: Work, pipe: Connection[bytes, bytes], memory: int) -> None:
    """The worker's life. No core dumps, no files written, memory as given."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pipe.send_bytes(b"ready")
    while True:
        try:
            kind = json.loads(pipe.recv_bytes())
            data = pipe.recv_bytes()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send_bytes(json.dumps(work(data, kind)).encode())
