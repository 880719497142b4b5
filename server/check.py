"""`doibang check`: the settings in force, and what an administrator should put right."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from server.auth import escrow
from server.certificates import trust
from server.container import authority_signers
from server.dossier.consistency import check_rules
from server.dossier.tables import names, table
from server.errors import BadSettings
from server.record import chain
from server.record.chain import Head
from server.record.devices import Device
from server.record.store import Record
from server.settings import Settings
from server.settings_table import TABLE

HEAD = "journal-head"


def settings_table(settings: Settings) -> list[str]:
    """One line a setting: name, value in force (secrets hidden), meaning, default."""
    values = {row.name: _shown(settings, row.field, row.secret) for row in TABLE}
    width = max(map(len, values))
    lines = []
    for row in TABLE:
        default = f" (default: {row.default})" if row.default else ""
        lines.append(f"{row.name:<{width}}  {values[row.name] or '–'}")
        lines.append(f"{'':<{width}}    {row.meaning}{default}")
    return lines


def readme_table() -> list[str]:
    """The same table as Markdown, for the README."""
    rows = [f"| `{row.name}` | {row.meaning} | {_code(row.default)} |" for row in TABLE]
    return ["| setting | meaning | default |", "|---|---|---|", *rows]


def rules(folder: Path | None) -> list[str]:
    """What is wrong with the dated rules. `folder`: data files to be tried in place of those that
    are shipped under the same names. ValueError for a file that is no JSON object."""

    def load(name: str) -> dict[str, Any]:
        file = folder / f"{name}.json" if folder else None
        if file is None or not file.exists():
            return table(name)
        changed = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(changed, dict):
            raise ValueError(f"{file} is no JSON object")
        return changed

    if folder and not any((folder / f"{name}.json").exists() for name in names()):
        raise ValueError(f"{folder} holds none of the data files: {', '.join(names())}")
    return check_rules(load)


def journal(settings: Settings, record: Record, noted: Sequence[Head]) -> Head:
    """Verifies the journal's chain, against the head noted by the last call too, and notes the
    present one. Raises Broken with the first line that does not fit."""
    file = settings.data / HEAD
    before = [Head.of(file.read_text(encoding="utf-8"))] if file.exists() else []
    head = asyncio.run(record.read(partial(chain.verify, noted=[*before, *noted])))
    file.write_text(f"{head}\n", encoding="utf-8")
    return head


def devices(found: Sequence[Device], now: datetime) -> list[str]:
    """A line each. Nobody's name: a device and its owner are random ids."""
    lines = []
    for one in found:
        parts = [f"device {one.device}", f"last seen {(now - one.seen_at).days} days ago"]
        if one.incomplete:
            parts.append(f"{one.incomplete} dossiers of its owner {one.owner} are incomplete here")
        if one.ahead:
            parts.append(f"its clock was ahead by {one.ahead.total_seconds() / 3600:.1f} h or more")
        lines.append(", ".join(parts))
    return lines


def complaints(settings: Settings) -> list[str]:
    """What is wrong with the rules and the keys; empty when nothing is."""
    found = [f"rules: {fault}" for fault in check_rules()]
    for look in (
        lambda: trust.load(settings.certificate_keys),
        partial(authority_signers, settings),
    ):
        try:
            look()
        except BadSettings as wrong:
            found += wrong.complaints
    if bare := escrow.uncovered(settings.keys):
        found.append(
            f"keys: {len(bare)} of the private keys are in no escrow file. If this disk is lost,"
            f" nothing sealed can be read again. Run: doibang keys export FILE"
        )
    return found


def _shown(settings: Settings, field: str, secret: bool) -> str:
    if field.startswith("limit_"):
        return str(getattr(settings.limits, field.removeprefix("limit_")))
    value = getattr(settings, field)
    if field == "sandbox":
        return "on" if value else "off"
    if field == "record_url":
        return _without_password(str(value))
    return "set" if secret and value else str(value)


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:…@{tail}" if at and ":" in head.split("://")[1] else url


def _code(text: str) -> str:
    return f"`{text}`" if text else "–"
