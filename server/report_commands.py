"""`doibang report …`: a month in figures, and what the counters count."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from server import report
from server.container import open_record
from server.ports import Clock
from server.settings import Settings


def _report(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    record = open_record(settings)
    try:
        if asked.month == "import":
            if asked.file is None:
                raise ValueError("name the file: doibang report import FILE.csv")
            print(report.take_in(record, asked.file.read_bytes(), clock()))
            return 0
        found = record.now(partial(report.count, month=asked.month, now=clock()))
    finally:
        record.close()
    print(report.as_text(found, asked.language))
    for kind, (make, _) in report.FILES.items():
        if file := getattr(asked, kind):
            file.write_bytes(make(found, asked.language))
    return 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Puts `report` among the commands of the console script."""
    text = "Prints the report of a month, or imports a counter's counts."
    told = commands.add_parser("report", help=text, description=text)
    told.set_defaults(command=_report)
    told.add_argument("month", help="e.g. 2023-10; or: import")
    told.add_argument("file", nargs="?", type=Path, help="after import: month,point,procedure,…")
    told.add_argument("--csv", type=Path, metavar="FILE", help="also writes this file")
    told.add_argument("--xlsx", type=Path, metavar="FILE", help="also writes this file")
    told.add_argument("--language", choices=["vi", "en"], default="vi")
