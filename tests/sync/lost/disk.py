"""A disk that fills up, fails to sync and loses its power, beneath an engine in this process.

Writes and syncs of the files under `root` pass here: SQLite's through a VFS, attachment files'
through `os`. What was synced is kept a second time, as it would lie on the platters. A sync that
fails behaves as on Linux: what was waiting may be gone for good, though reading still shows it and
the next sync says that all is well (Rebello et al., "Can Applications Recover from fsync
Failures?", USENIX ATC 2020).
"""

from __future__ import annotations

import errno
import os
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import apsw
import pytest

Write = tuple[int, bytes] | int
"""Offset and bytes, or the length after a truncation."""
Ident = tuple[int, int]
"""Inode and time of the last write: an inode's number is given again."""


class Disk:
    """`fails(what)` decides over each `write`, `sync` and `folder`: True makes it an error."""

    def __init__(self, root: Path, rng: random.Random) -> None:
        self.root = root
        self.fails: Callable[[str], bool] = lambda what: False
        self.before: Callable[[], None] = lambda: None  # each operation, under the lock
        self.failures = 0
        self.rng = rng
        self.lock = threading.RLock()
        self._stores: dict[Path, bytearray] = {}  # SQLite's files, as synced
        self._waiting: dict[Path, list[Write]] = {}
        self._files: dict[Ident, bytes] = {}
        self._folders: dict[Path, dict[str, Ident]] = {}
        self._lost: dict[Path, set[tuple[str, Ident]]] = {}
        self.told: set[int] = set()  # descriptors that hear of another's failed sync

    def asked(self, what: str) -> bool:
        self.before()
        failed = self.fails(what)
        self.failures += failed
        return failed

    # SQLite's files

    def written(self, file: Path, write: Write) -> None:
        self._waiting.setdefault(file, []).append(write)

    def synced(self, file: Path, ok: bool) -> None:
        store = self._stores.setdefault(file, bytearray())
        for write in self._waiting.pop(file, []):
            if ok or self.rng.random() < 0.5:
                _apply(store, write)

    def deleted(self, file: Path) -> None:
        self._stores.pop(file, None)
        self._waiting.pop(file, None)

    # attachment files

    def file_synced(self, file: Path) -> None:
        self._files[_ident(file)] = file.read_bytes()

    def folder_synced(self, folder: Path, ok: bool) -> None:
        now = {}
        for path in folder.iterdir():
            with suppress(FileNotFoundError):  # renamed by another thread meanwhile
                now[path.name] = _ident(path)
        lost, kept = self._lost.setdefault(folder, set()), self._folders.get(folder, {})
        if ok:
            # A lost renaming leaves what was there before.
            found = {n: kept.get(n) if (n, i) in lost else i for n, i in now.items()}
            self._folders[folder] = {n: i for n, i in found.items() if i}
        else:
            lost |= {(n, i) for n, i in now.items() if kept.get(n) != i}

    def folder_removed(self, folder: Path) -> None:
        """Its inode may come again."""
        self._lost.pop(folder, None)
        for lost in self._lost.values():
            lost -= {entry for entry in lost if entry[0] == folder.name}

    # power cut

    def picture(self) -> Callable[[Path], None]:
        """What the disk holds if the power goes now; call it with a folder to lay it out there."""
        stores = {}
        for file, synced in self._stores.items():  # one that was never synced may not be there
            stores[file] = store = bytearray(synced)
            for write in self._waiting.get(file, []):
                if self.rng.random() < 0.5:  # on its way, in any order
                    _apply(store, write)
        files, folders = dict(self._files), {f: dict(e) for f, e in self._folders.items()}

        def lay_out(target: Path) -> None:
            target.mkdir()
            for file, store in stores.items():
                (target / file.name).write_bytes(store)
            _lay_out(self.root, target, files, folders)

        return lay_out


def _lay_out(
    folder: Path, target: Path, files: dict[Ident, bytes], folders: dict[Path, dict[str, Ident]]
) -> None:
    for name, ident in folders.get(folder, {}).items():
        if (path := folder / name) in folders or path.is_dir():
            (target / name).mkdir()
            _lay_out(path, target / name, files, folders)
        elif ident in files:
            (target / name).write_bytes(files[ident])


def _apply(store: bytearray, write: Write) -> None:
    if isinstance(write, int):
        del store[write:]
        return
    offset, data = write
    store.extend(bytes(max(0, offset - len(store))))
    store[offset : offset + len(data)] = data


def _ident(path: Path) -> Ident:
    status = path.stat()
    return (status.st_ino, 0) if path.is_dir() else (status.st_ino, status.st_mtime_ns)


def _descriptors() -> list[int]:
    return [int(link.name) for link in Path("/proc/self/fd").iterdir()]


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        found = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._path = Path(found) if found else None
        self._disk = disk

    @property
    def _ours(self) -> Path | None:
        path = self._path
        return path if path is not None and path.parent == self._disk.root else None

    def excepthook(self, *_: Any) -> bool:
        """The error reaches SQLite; nobody else needs it."""
        return True

    def xWrite(self, data: bytes, offset: int) -> None:
        with self._disk.lock:
            if self._ours and self._disk.asked("write"):
                raise apsw.FullError("injected")
            super().xWrite(data, offset)
            if self._ours:
                self._disk.written(self._ours, (offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        with self._disk.lock:
            super().xTruncate(size)
            if self._ours:
                self._disk.written(self._ours, size)

    def xSync(self, flags: int) -> None:
        with self._disk.lock:
            if self._ours is None:
                return super().xSync(flags)
            failed = self._disk.asked("sync")
            self._disk.synced(self._ours, not failed)
            if failed:
                raise apsw.IOError("injected")
        return None


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__("failing", "unix", makedefault=True)
        self._disk = disk

    def excepthook(self, *_: Any) -> bool:
        """The error reaches SQLite; nobody else needs it."""
        return True

    def xOpen(self, name: Any, flags: list[int]) -> _File:
        return _File(self._disk, name, flags)

    def xDelete(self, name: str, sync_folder: bool) -> None:
        with self._disk.lock:
            super().xDelete(name, sync_folder)
            self._disk.deleted(Path(name))


@contextmanager
def mounted(disk: Disk, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """From here on everything below `disk.root` passes the disk."""
    write, fdatasync, fsync = os.write, os.fdatasync, os.fsync
    close, rmdir = os.close, os.rmdir

    def path_of(descriptor: int) -> Path | None:
        try:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
        except FileNotFoundError:
            return None
        return path if path.is_relative_to(disk.root) else None

    def failing_write(descriptor: int, data: Any) -> int:
        with disk.lock:
            if path_of(descriptor) and disk.asked("write"):
                half = memoryview(data)[: len(data) // 2]
                if not half or disk.rng.random() < 0.5:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return write(descriptor, half)
            return write(descriptor, data)

    def failing_fdatasync(descriptor: int) -> None:
        with disk.lock:
            path = path_of(descriptor)
            if path is None:
                return fdatasync(descriptor)
            if disk.asked("sync"):
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return disk.file_synced(path)

    def failing_fsync(descriptor: int) -> None:
        with disk.lock:
            path = path_of(descriptor)
            if path is None:
                return fsync(descriptor)
            failed = disk.asked("folder")
            if failed:
                disk.told |= {other for other in _descriptors() if path_of(other) == path}
            disk.folder_synced(path, not failed)
            if descriptor in disk.told:
                disk.told.discard(descriptor)
                raise OSError(errno.EIO, os.strerror(errno.EIO))
        return None

    def telling_close(descriptor: int) -> None:
        with disk.lock:
            disk.told.discard(descriptor)
            close(descriptor)

    def telling_rmdir(path: Any) -> None:
        with disk.lock:
            rmdir(path)
            disk.folder_removed(Path(path))

    vfs = _Vfs(disk)
    with patch.context() as patched:
        patched.setattr(os, "write", failing_write)
        patched.setattr(os, "fdatasync", failing_fdatasync)
        patched.setattr(os, "fsync", failing_fsync)
        patched.setattr(os, "close", telling_close)
        patched.setattr(os, "rmdir", telling_rmdir)
        try:
            yield
        finally:
            vfs.unregister()
