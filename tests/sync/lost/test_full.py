"""The served engine on a disk that is really full: refused with 503 and a reason, whole, and well
again when there is room."""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.sync.conftest import Served
from tests.sync.lost.audit import audit
from tests.sync.lost.load import Client, Writer

MEGABYTE = 1 << 20


def until_refused(writer: Writer, http: Client) -> None:
    for _ in range(3000):
        if writer.refused:
            break
        writer.step(http)
    status, answer = writer.refused[0]
    assert status == 503 and answer["error"] == "service_unavailable", answer
    assert answer["reason"].startswith("The store could not write: "), answer


def well_again(writer: Writer, http: Client) -> None:
    writer.refused.clear()
    for _ in range(40):
        writer.step(http)
    assert writer.refused == []
    writer.verify(http)


def ready(served: Served, seed: int) -> tuple[Writer, Client]:
    http = Client(served.url, served.auth)
    assert http.ask("PUT", "/own")[0] == 201
    return Writer("w", "own", random.Random(seed)), http


def test_files_that_may_not_grow(tmp_path: Path, seed: int) -> None:
    """RLIMIT_FSIZE of the running process: no file may grow beyond a size, as with EFBIG."""
    served = Served(tmp_path / "store")
    writer, http = ready(served, seed)
    pid, free = served.process.pid, resource.RLIM_INFINITY
    for allowed in (150_000, 1_000, 200_000):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (allowed, free))
        until_refused(writer, http)
        writer.verify(http)
        audit(tmp_path / "store")
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (free, free))
        well_again(writer, http)
    http.close()
    served.kill()
    again = Served(tmp_path / "store")
    http = Client(again.url, again.auth)
    writer.verify(http)
    http.close()
    assert again.stop() == 0
    audit(tmp_path / "store")


def own_mounts() -> list[str]:
    """A command in front of another that gives it mounts of its own; empty where not allowed."""
    found = shutil.which("unshare")
    for command in ([found, "-m"], [found, "-rm"]) if found else ():
        trial = [*command, "mount", "-t", "tmpfs", "none", "/mnt"]
        if subprocess.run(trial, capture_output=True).returncode == 0:
            return [str(part) for part in command]
    return []


@pytest.mark.skipif(not own_mounts(), reason="this machine gives a process no mounts of its own")
def test_a_file_system_without_room(tmp_path: Path, seed: int) -> None:
    """A tmpfs of 16 MB that only the server sees: ENOSPC wherever it writes."""
    mount = f'mount -t tmpfs -o size=16m none {tmp_path} && exec "$@"'
    served = Served(tmp_path / "store", command=[*own_mounts(), "sh", "-c", mount, "sh"])
    writer, http = ready(served, seed)
    inside = Path(f"/proc/{served.process.pid}/root{tmp_path}")
    ballast = inside / "ballast"
    for size in (2 * MEGABYTE, MEGABYTE):
        ballast.write_bytes(bytes(size))
        full = pytest.raises(OSError, match="No space left")
        with ballast.open("ab", buffering=0) as file, full:
            while True:
                file.write(bytes(4096))
        until_refused(writer, http)
        writer.verify(http)
        # SQLite would follow the link in /proc out of the mount, so a copy is looked at.
        audit(shutil.copytree(inside / "store", tmp_path / f"copy-{size}"))
        ballast.unlink()
        well_again(writer, http)
    http.close()
    audit(shutil.copytree(inside / "store", tmp_path / "copy"))
    assert served.stop() == 0
