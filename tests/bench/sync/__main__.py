"""What the wire costs: `python -m tests.bench.sync [--couchdb URL --pid PID] [--rounds N] [W…]`.

Plays the requests of PouchDB 9 over loopback against `python -m sync serve` and, with `--couchdb`,
against that CouchDB in turn in the same round; prints medians and the median of the paired ratios.
Both acknowledge only what is on the disk. CPU is the server's (user + system, its children too):
the steadiest figure; rates depend on this client and on what else runs.
  w1  first sync of drafts with 4 photos of 300 KB, inline base64, 8 phones at once
  w2  edits one by one, 4 requests each (_revs_diff, _bulk_docs, _local GET and PUT), 16 phones
  w3  2,000 waiting long polls, one a database: memory, wake-up
  w4  pulling 1,000 small documents and 40 photos, 4 phones
  w5  ten drafts in one `_bulk_docs`, cut at 65 %: what is sent again
  w6  64 MB in one `_bulk_docs`: memory
`--fsyncs` counts fsync and fdatasync of w2 under strace. `--slow-fsync MS` makes each of ours that
much slower; start CouchDB with the same library in LD_PRELOAD (`cc -shared -fPIC -O2 -o x.so
tests/bench/sync/slow_fsync.c -ldl`) and SLOW_FSYNC_US. `--phones N`: how many at once in w2.
`--pipe` measures what w1 could reach at most here: read, decode, hash, write, fdatasync.
`--front`: our wire in front of that CouchDB against CouchDB direct; the CPU is the wire's alone.
Without a CouchDB at hand the last column compares with CPU-ms recorded from CouchDB 3.4.3.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path

from tests.bench.budget import machine
from tests.bench.sync.endpoint import Endpoint, couchdb, in_front, ours
from tests.bench.sync.pipe import pipe_limit
from tests.bench.sync.workloads import WORKLOADS, Figures, clear, w2_small_edits

RECORDED = {"W1 drafts CPU-ms each": 29.0, "W2 edits CPU-ms each": 4.9}
"""CouchDB 3.4.3, q=1, n=1, on 2 cores of a Xeon virtual machine."""


async def play(
    chosen: list[str],
    rounds: int,
    other: Endpoint | None,
    slow: dict[str, str],
    phones: int,
    front: Callable[[], AbstractContextManager[Endpoint]] | None,
) -> None:
    for name in chosen:
        workload = partial(w2_small_edits, phones=phones) if name == "w2" else WORKLOADS[name]
        mine: list[Figures] = []
        theirs: list[Figures] = []
        for _ in range(rounds):
            with front() if front else ours(environ=slow) as endpoint:  # a fresh heap
                mine.append(await workload(endpoint))
            if other is not None:
                theirs.append(await workload(other))
                await clear(other)
        for figure in mine[0]:
            print(
                line(
                    figure,
                    [each[figure] for each in mine],
                    [e[figure] for e in theirs if figure in e],
                )
            )


def line(figure: str, mine: list[float], theirs: list[float]) -> str:
    text = f"{figure:24} {statistics.median(mine):10.2f} ({min(mine):.2f}–{max(mine):.2f})"
    if theirs:
        ratios = [a / b if b else float("nan") for a, b in zip(mine, theirs, strict=True)]
        text += (
            f"   CouchDB {statistics.median(theirs):10.2f}   ratio {statistics.median(ratios):6.2f}"
        )
    elif figure in RECORDED:
        ratio = statistics.median(mine) / RECORDED[figure]
        text += f"   CouchDB recorded {RECORDED[figure]:.1f}   ratio {ratio:6.2f}"
    return text


async def count_fsyncs() -> str:
    if shutil.which("strace") is None:
        return "not counted: strace is not installed"
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as report:
        trace = ["strace", "-f", "-c", "-o", report.name, "-e", "trace=fsync,fdatasync"]
        with ours(trace) as endpoint:
            await w2_small_edits(endpoint)
        calls = sum(int(n) for n in re.findall(r"(\d+)\s+f(?:data)?sync", report.read()))
    durable = 16 * 30 * 2
    return f"{calls} fsync and fdatasync for {durable} durable writes: {calls / durable:.2f} each"


def slow_library(folder: Path) -> Path:
    """Compiled from slow_fsync.c; needs a C compiler."""
    target = folder / "slow_fsync.so"
    source = Path(__file__).with_name("slow_fsync.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O2", "-o", target, source, "-ldl"], check=True)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("workloads", nargs="*", metavar="W", help=", ".join(WORKLOADS))
    parser.add_argument("--couchdb", metavar="URL", help="with NAME:PASSWORD of an administrator")
    parser.add_argument("--pid", type=int, help="of that CouchDB's Erlang process")
    parser.add_argument("--front", action="store_true", help="ours is the wire before the CouchDB")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--slow-fsync", type=float, default=0, metavar="MS")
    parser.add_argument("--phones", type=int, default=16)
    parser.add_argument("--fsyncs", action="store_true")
    parser.add_argument("--pipe", action="store_true")
    asked = parser.parse_args()
    if unknown := set(asked.workloads) - WORKLOADS.keys():
        parser.error(f"no such workload: {', '.join(unknown)}")
    other = couchdb(asked.couchdb, asked.pid) if asked.couchdb else None
    print(f"machine: {machine()} before", flush=True)
    with ExitStack() as stack:
        slow: dict[str, str] = {}
        if asked.slow_fsync:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            library = slow_library(Path(folder))
            slow = {"LD_PRELOAD": str(library), "SLOW_FSYNC_US": str(int(asked.slow_fsync * 1000))}
            print(f"every fsync of ours takes {asked.slow_fsync} ms longer", flush=True)
        if asked.pipe:
            print(f"pipe limit of W1: {pipe_limit():.0f} drafts/s")
        elif asked.fsyncs:
            print(asyncio.run(count_fsyncs()))
        else:
            chosen = asked.workloads or list(WORKLOADS)
            front = partial(in_front, asked.couchdb) if asked.front else None
            asyncio.run(play(chosen, asked.rounds, other, slow, asked.phones, front))
    print(f"machine: {machine()} after")
    print(f"files on {os.environ.get('BENCH_DIR', tempfile.gettempdir())}")


if __name__ == "__main__":
    main()
