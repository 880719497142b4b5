"""`doibang export …`: a dossier's pack for an office that no system leads to."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from server.auth.access import Actor
from server.container import build
from server.flow.pack import pack
from server.ports import Clock
from server.record import dossiers
from server.settings import Settings
from sync.model import Unavailable

IN_USE = (
    "the server holds its embedded documents. Stop it first, or take the pack from the officer's"
    " desk; with a CouchDB this command works beside a running server."
)


def _export(settings: Settings, asked: argparse.Namespace, clock: Clock) -> int:
    async def make() -> tuple[str, bytes]:
        parts = build(settings, clock, "export")
        try:
            found = await parts.record.read(lambda conn: dossiers.by_code(conn, asked.dossier))
            dossier, actor = found or asked.dossier, Actor("system", "cli")
            return await pack(parts.record, parts.vaulted, actor, dossier, settings.origin)
        finally:
            await parts.close()

    try:
        name, data = asyncio.run(make())
    except Unavailable as error:
        raise OSError(IN_USE) from error
    file: Path = asked.folder / name
    file.touch(0o600, exist_ok=False)
    file.write_bytes(data)
    print(f"{file}  ({len(data)} bytes; personal data: hand it over and delete it)")
    return 0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Puts `export` among the commands of the console script."""
    text = "Writes a dossier's form as PDF, its answers, photos and their SHA-256 into a zip."
    told = commands.add_parser("export", help=text, description=text)
    told.set_defaults(command=_export)
    told.add_argument("dossier", help="its code or id")
    told.add_argument("--folder", type=Path, default=Path(), help="where to; here by default")
