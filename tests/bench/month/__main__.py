"""A month of the service: `python -m tests.bench.month [--dossiers 2490] [--online 1115]`.

In one process and on one clock: devices that seal and replicate, the server with its worker, twins
of the registry, the authority (away for two days), the post and the payment gateway over HTTP. It
prints what became of every dossier, and exits with 1 when one was lost, stuck for no named reason,
forwarded twice, charged twice, or counted differently in the report.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from tests.bench.month.plan import cases, first_moment
from tests.bench.month.run import Month
from tests.bench.month.tally import Tally, tally
from tests.bench.month.town import Town

DAYS = 31


def main() -> int:
    asked = _asked()
    with tempfile.TemporaryDirectory(prefix="doibang-month-") as folder:
        return asyncio.run(simulate(asked, Path(folder)))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.bench.month", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=2490, metavar="N")
    parser.add_argument("--online", type=int, metavar="N", help="without a clerk; 1,115 of 2,490")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


async def simulate(asked: argparse.Namespace, folder: Path) -> int:
    begin = first_moment(2026, 10)
    end = begin + timedelta(days=DAYS)
    online = round(asked.dossiers * 1115 / 2490) if asked.online is None else asked.online
    town = Town(folder, begin)
    plan = list(cases(begin, DAYS, asked.dossiers, online, asked.seed))
    month = Month(town, plan, end)
    for day in (8, 20):
        month.outage(begin + timedelta(days=day), timedelta(days=1))
    for day in (5, 14, 25):
        month.replies_lost(begin + timedelta(days=day), timedelta(hours=10))
    began = time.monotonic()
    await month.run(_progress)
    found = await tally(town, month.filed, "2026-10")
    requests = town.tap.requests.total()
    await town.close()
    return _print(found, asked.dossiers, len(month.filed), requests, time.monotonic() - began)


def _progress(now: datetime, filed: int) -> None:
    print(f"\r{now:%Y-%m-%d} {filed} filed ", end="", file=sys.stderr, flush=True)


def _print(found: Tally, planned: int, filed: int, requests: int, seconds: float) -> int:
    print(f"\n{found.report}\n")
    print(f"{planned} planned, {filed} filed, {requests} requests, {seconds:.0f} s")
    for name, number in sorted(found.ended.items()):
        print(f"{number:6} {name}")
    for name, number in sorted(found.waiting.items()):
        print(f"{number:6} waiting, {name}")
    for name, number in found.money.items():
        print(f"{number:6} {name}")
    for name, those in found.faults.items():
        print(f"{len(those):6} {name}{': ' if those else ''}{', '.join(those[:5])}")
    return int(planned != filed or any(found.faults.values()))


if __name__ == "__main__":
    sys.exit(main())
