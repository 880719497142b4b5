"""A consistent copy of the embedded store while it is in use, and the proof that it is whole."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import apsw

from sync.sqlite_engine_files import AttachmentFiles, Key, attachments_beside
from sync.sqlite_engine_schema import connect, rows

_TRIES = 5


class Incomplete(Exception):
    """A file of the store is missing or is not what its name says."""


def back_up(file: Path, target: Path) -> int:
    """Copies the store in `file` to `target` (which is not there yet); the number of attachments.
    The rows first, then the files they name: what an erasure removes between the two is gone from
    the next snapshot. `Incomplete` where it stays missing."""
    for _ in range(_TRIES):
        _snapshot(file, target)
        missing = [name for name in _attachments(target) if not _copied(file, target, *name)]
        if not missing:
            return len(_attachments(target))
        target.unlink()
    raise Incomplete(f"{len(missing)} attachment files are missing beside {file}")


def prove(file: Path) -> int:
    """Opens a copy and compares every attachment with its SHA-256; how many there are."""
    try:
        connection = connect(file, readonly=True)
        try:
            ((verdict,),) = rows(connection, "PRAGMA integrity_check(1)")
        finally:
            connection.close()
    except apsw.Error as error:
        verdict = str(error)
    if verdict != "ok":
        raise Incomplete(f"{file}: {verdict}")
    files, proven = _files(file), 0
    for db, sha256 in _attachments(file):
        try:
            with files.path(db, sha256).open("rb") as opened:
                found = hashlib.file_digest(opened, "sha256").hexdigest()
        except FileNotFoundError:
            found = "missing"
        if found != sha256:
            raise Incomplete(f"the attachment {sha256} is {found}")
        proven += 1
    return proven


def _snapshot(file: Path, target: Path) -> None:
    source, copy = connect(file, readonly=True), apsw.Connection(str(target))
    try:
        with copy.backup("main", source, "main") as backup:
            while not backup.done:
                backup.step(-1)  # all at once: one snapshot
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    finally:
        copy.close()
        source.close()
    _sync(target)


def _attachments(file: Path) -> list[Key]:
    connection = connect(file, readonly=True)
    try:
        return [(db, sha256) for db, sha256 in rows(connection, "SELECT db, sha256 FROM atts")]
    finally:
        connection.close()


def _copied(file: Path, target: Path, db: int, sha256: str) -> bool:
    source, copy = _files(file).path(db, sha256), _files(target).path(db, sha256)
    if copy.exists():
        return True
    copy.parent.mkdir(parents=True, exist_ok=True)
    temporary = copy.with_suffix(".tmp")
    try:
        shutil.copyfile(source, temporary)
    except FileNotFoundError:
        return False
    _sync(temporary)
    temporary.rename(copy)
    return True


def _files(file: Path) -> AttachmentFiles:
    return AttachmentFiles(attachments_beside(file))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
