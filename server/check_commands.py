"""`doibang check`: settings, rules, the journal and the devices."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from server import check
from server.container import open_record
from server.ports import Clock
from server.record import devices
from server.record.chain import Broken, Head
from server.settings import Settings


def _check(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    if asked.readme:
        print("\n".join(check.readme_table()))
        return 0
    if asked.devices is not None:
        return _devices(settings, asked.devices, clock())
    if asked.rules is not False:
        return _rules(asked.rules)
    if asked.journal or asked.head:
        return _journal(settings, asked.head)
    print("\n".join(check.settings_table(settings)))
    found = check.complaints(settings)
    print("\n" + "\n".join(f"! {line}" for line in found or ["nothing to complain about"]))
    return 1 if found else 0


def _rules(folder: Path | None) -> int:
    found = check.rules(folder)
    print("\n".join(f"! {line}" for line in found) or "the rules hold together")
    return 1 if found else 0


def _journal(settings: Settings, noted: Sequence[str]) -> int:
    record = open_record(settings)
    try:
        head = check.journal(settings, record, [Head.of(text) for text in noted])
    except Broken as broken:
        print(f"! journal: {broken}")
        return 1
    finally:
        record.close()
    print(f"the journal is whole: {head.lines} lines. Its head, to be noted elsewhere:\n{head}")
    return 0


def _devices(settings: Settings, days: int, now: datetime) -> int:
    record = open_record(settings)
    try:
        found = record.now(partial(devices.silent, before=now - timedelta(days=days)))
    finally:
        record.close()
    print("\n".join(check.devices(found, now)) or "no device is missed")
    return 1 if found else 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Puts `check` among the commands of the console script."""
    text = "Lists the settings in force and what to put right."
    looked = commands.add_parser("check", help=text, description=text)
    looked.set_defaults(command=_check)
    looked.add_argument("--readme", action="store_true", help="only the table of the README")
    looked.add_argument(
        "--rules",
        metavar="FOLDER",
        nargs="?",
        default=False,
        type=Path,
        help="looks for gaps, overlaps, dead rules and references in the data files; those of"
        " FOLDER are tried in place of the shipped ones",
    )
    looked.add_argument("--journal", action="store_true", help="verifies the journal's hash chain")
    looked.add_argument(
        "--head",
        action="append",
        default=[],
        metavar="N:HASH",
        help="with --journal: a head that was noted before, e.g. in a backup's manifest",
    )
    looked.add_argument(
        "--devices",
        metavar="DAYS",
        nargs="?",
        const=7,
        type=int,
        help="devices not seen for so many days (7) that still owe something, and clocks ahead",
    )
