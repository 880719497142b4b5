"""The server as people run it: a process of its own that a journey starts, stops, kills and moves
in time."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds until a start or a stop counts as failed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One installation on one port: its data outlive the process."""

    def __init__(
        self, data: Path, environ: dict[str, str] | None = None, seeded: bool = False
    ) -> None:
        self.data = data
        self.port = free_port()
        self.origin = f"http://localhost:{self.port}"
        self.log = data.parent / "server.log"
        self.demo: dict[str, str] = {}
        self._offset = data.parent / "clock-offset"
        self._environ = environ or {}
        self._arguments = [] if seeded else ["--empty"]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> Server:
        """Returns when the server answers; `demo` then holds this start's one-time links."""
        environ = {key: text for key, text in os.environ.items() if not key.startswith("DOIBANG_")}
        environ |= {
            "DOIBANG_DATA": str(self.data),
            "DOIBANG_PORT": str(self.port),
            "PYTHONPATH": str(CHECKOUT),
            "PYTHONUNBUFFERED": "1",
        } | self._environ
        command = [
            sys.executable,
            str(Path(__file__).with_name("serve.py")),
            str(self._offset),
            *self._arguments,
        ]
        self._process = subprocess.Popen(
            command, env=environ, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._pump, args=(self._process, lines), daemon=True).start()
        try:
            self._await_ready(lines)
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """A polite end, as a restart of the service does it."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """A power cut: no handler runs."""
        self._end(signal.SIGKILL)

    def move_clock(self, by: timedelta) -> None:
        """The next start lives this much later than the last."""
        now = float(self._offset.read_text()) if self._offset.exists() else 0.0
        self._offset.write_text(str(now + by.total_seconds()))

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(how)
        try:
            self._process.wait(PATIENCE)
        finally:
            self._process.kill()
            self._process = None

    def _pump(self, process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
        assert process.stdout is not None
        with process.stdout, self.log.open("a", encoding="utf-8") as log:
            for line in process.stdout:
                log.write(line)
                log.flush()
                lines.put(line)
        lines.put(None)

    def _await_ready(self, lines: queue.Queue[str | None]) -> None:
        seen: list[str] = []
        while not any("READY" in line for line in seen[-1:]):
            line = lines.get(timeout=PATIENCE)
            if line is None:
                raise RuntimeError("the server ended at start:\n" + "".join(seen))
            seen.append(line)
            link = re.search(r"(http://\S+/demo#\S+)", line)
            if link:
                role = "officer" if "officer" in line or "cán bộ" in line else "clerk"
                self.demo[role] = link[1]
