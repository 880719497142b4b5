"""Attachment files: `attachments/<k mod 256>/<database key>/<sha256>` beside the database.

A file is complete and on the disk (fdatasync, rename, fsync of the folder) before the row that
names it is committed, and goes only after the commit that dropped its row. What a failed sync left
is not trusted but made again: the next sync would call it durable though it may be gone. Not shared
between databases: whoever erases one erases its files, and the time of a write tells nobody what
others have.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from shutil import rmtree

from sync.model import NewAttachment

Key = tuple[int, str]
"""Database key and SHA-256."""


def attachments_beside(file: Path) -> Path:
    """Where the attachments of the store in `file` lie."""
    return file.with_name(f"{file.name}-attachments")


class AttachmentFiles:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._root.mkdir(exist_ok=True)
        _fsync_folder(self._root.parent)
        self._pins: Counter[Key] = Counter()
        self._lock = threading.Lock()
        self._made: set[int] = set()  # databases whose folder this process knows to be durable
        self._making = threading.Lock()
        self._numbers = count()

    def folder(self, db: int) -> Path:
        return self._root / f"{db % 256:02x}" / str(db)

    def path(self, db: int, sha256: str) -> Path:
        return self.folder(db) / sha256

    @contextmanager
    def pinned(self, keys: Iterable[Key]) -> Iterator[None]:
        """Keeps files of a write under way from being removed with a last reference that goes
        meanwhile."""
        held = list(keys)
        with self._lock:
            self._pins.update(held)
        try:
            yield
        finally:
            with self._lock:
                self._pins.subtract(held)
                self._pins += Counter()

    def store(self, db: int, attachments: Iterable[NewAttachment]) -> None:
        """Makes the bytes durable. Blocks; `OSError` when the disk does not take them."""
        self._make_folder(db)
        folder = self.folder(db)
        # Opened before the first change: it is then told of every error since, whoever's sync met
        # it first (errseq_t, Linux 4.13).
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for attachment in attachments:
                temporary = folder / f"{next(self._numbers)}.tmp"
                try:
                    _write(temporary, attachment.data)
                    temporary.rename(folder / attachment.sha256)
                except OSError:
                    temporary.unlink(missing_ok=True)
                    raise
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _make_folder(self, db: int) -> None:
        folder = self.folder(db)
        with self._making:
            if db in self._made:
                return
            try:
                folder.mkdir(parents=True, exist_ok=True)
                for parent in (folder.parent, self._root):
                    _fsync_folder(parent)
            except OSError:
                for made in (folder, folder.parent):
                    with suppress(OSError):  # not empty: it was durable before
                        made.rmdir()
                raise
            self._made.add(db)

    def remove(self, keys: Iterable[Key]) -> None:
        """Unlinks what no write under way holds; the sweep finds the rest."""
        with self._lock:
            for key in keys:
                if not self._pins[key]:
                    self.path(*key).unlink(missing_ok=True)

    def remove_unnamed(self, keys: Iterable[Key], named: Callable[[int, str], bool]) -> int:
        """Removes the files among `keys` that neither a row names nor a write under way holds.
        Returns how many."""
        removed = 0
        for key in keys:
            with self._lock:
                if not self._pins[key] and not named(*key):
                    self.path(*key).unlink(missing_ok=True)
                    removed += 1
        return removed

    def remove_all(self, db: int) -> None:
        folder = self.folder(db)
        self._made.discard(db)
        if folder.is_dir():
            rmtree(folder)

    def sweep(self, before: float, named: Callable[[int, str], bool]) -> int:
        """Removes files from before `before` (seconds since the epoch) that no row names: what a
        crash left between file and commit. Returns how many."""
        return self.remove_unnamed(self._older(before), named)

    def _older(self, before: float) -> Iterator[Key]:
        for folder in self._root.glob("*/*"):
            for file in list(folder.iterdir()):
                with suppress(FileNotFoundError):  # renamed or removed meanwhile
                    if file.stat().st_mtime < before:
                        yield int(folder.name), file.name


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fdatasync(descriptor)
    finally:
        os.close(descriptor)


def _fsync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
