"""`doibang backup`, `restore` and `migrate --to`: everything but the private keys, in a folder.

The record is taken first and the documents after it, so every dossier of the copy has its
documents. A restored store has no `_local` checkpoints: devices compare what they hold with it and
send again what it lacks.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from server.container import open_documents
from server.ports import Clock
from server.record import backup as record_backup
from server.record.backup import BackupFailed
from server.settings import Settings
from sync import sqlite_engine_backup
from sync.copy import Copied, all_databases, copy_database
from sync.engine import Engine
from sync.sqlite_engine import SqliteEngine

DOCUMENTS, MANIFEST = "documents.sqlite", "manifest.json"
Say = Callable[[str], None]


async def back_up(settings: Settings, folder: Path, clock: Clock, say: Say) -> None:
    """Makes `folder`, whole or not at all. Raises BackupFailed, `Incomplete`, or what a
    store says."""
    partial = _begun(folder)
    head = record_backup.journal_head(settings.record_url)
    record = record_backup.back_up(settings.record_url, partial)
    source = settings.documents
    if not isinstance(source, Path):
        source = partial / "copying" / DOCUMENTS
        target = SqliteEngine(source)
        try:
            await _copy_all(settings, target, say)
        finally:
            await target.close()
    count = sqlite_engine_backup.back_up(source, partial / DOCUMENTS)
    say(f"{count} attachments")
    _finish(partial, folder, record, clock().isoformat(), head)
    say(f"{folder} is whole. The private keys are not in it: doibang keys export")


def _begun(folder: Path) -> Path:
    """Where the backup grows until it is whole."""
    if folder.exists():
        raise BackupFailed(f"{folder} exists; name a new folder")
    partial = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700, parents=True)
    return partial


def _finish(partial: Path, folder: Path, record: str, made_at: str, head: str | None) -> None:
    shutil.rmtree(partial / "copying", ignore_errors=True)
    files = {name: _digest(partial / name) for name in (record, DOCUMENTS)}
    manifest = {"made_at": made_at, "files": files, "journal": head}
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    prove(partial)
    partial.rename(folder)


def prove(folder: Path) -> tuple[Path, int]:
    """The record's file and the number of attachments of a backup that is whole."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{folder} is no backup: {error}") from None
    record = folder / next(name for name in manifest["files"] if name != DOCUMENTS)
    for name, digest in manifest["files"].items():
        if not (folder / name).exists() or _digest(folder / name) != digest:
            raise BackupFailed(f"{folder / name} is not what was backed up")
    record_backup.prove(record)
    return record, sqlite_engine_backup.prove(folder / DOCUMENTS)


async def restore(settings: Settings, folder: Path, say: Say) -> None:
    """Into stores that are empty. The backup is proven first, and stays as it is."""
    record, attachments = prove(folder)
    say(f"{folder} is whole: {attachments} attachments")
    target = open_documents(settings)
    try:
        if await target.databases("", 1):
            raise BackupFailed(
                "DOIBANG_DOCUMENTS holds databases already; restore into an empty one"
            )
        record_backup.restore(record, settings.record_url)
        head = json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("journal")
        record_backup.prove_journal(settings.record_url, head)
        copy = _copied_beside(folder, settings)
        source = SqliteEngine(copy)
        try:
            async for db in all_databases(source):
                await copy_database(source, target, db, checkpoints=False)
        finally:
            await source.close()
            shutil.rmtree(copy.parent)
    finally:
        await target.close()
    say("restored. Put the keys back: doibang keys restore FILE")


async def move_documents(settings: Settings, to: Settings, say: Say) -> None:
    """From the embedded store, which no server may use meanwhile, to where `to` has it."""
    target = open_documents(to)
    try:
        await _copy_all(settings, target, say, checkpoints=True)
    finally:
        await target.close()


async def _copy_all(
    settings: Settings, target: Engine, say: Say, checkpoints: bool = False
) -> None:
    source = open_documents(settings)
    total = Copied()
    databases = 0
    try:
        async for db in all_databases(source):
            copied = await copy_database(source, target, db, checkpoints)
            total, databases = total + copied, databases + 1
            if databases % 100 == 0:
                say(f"{databases} databases …")
    finally:
        await source.close()
    say(
        f"{databases} databases, {total.revisions} revisions, {total.attachments} attachments"
        f" ({total.bytes} bytes)"
    )


def _copied_beside(folder: Path, settings: Settings) -> Path:
    """The documents of a backup once more: opening a store writes into its folder."""
    scratch = settings.data / "restoring"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    shutil.copyfile(folder / DOCUMENTS, scratch / DOCUMENTS)
    attachments = f"{DOCUMENTS}-attachments"
    if (folder / attachments).is_dir():
        shutil.copytree(folder / attachments, scratch / attachments)
    return scratch / DOCUMENTS


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
