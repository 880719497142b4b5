"""What a file of a browser or a server holds once its own packing is undone, so that a search for
bytes is honest: LevelDB blocks and Blink's IndexedDB values are Snappy, SQLite splits long values
over pages, web caches keep gzip.

LevelDB's formats: https://github.com/google/leveldb/tree/main/doc (table_format, log_format).
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import cramjam

TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
FOOTER = 48
SNAPPY, PLAIN = 1, 0
LOG_BLOCK, LOG_HEADER = 32_768, 7
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4
BATCH_HEADER = 12
PUT = 1
BLINK_SNAPPY = b"\xff\x11\x02"  # IDBValueWrapper: the rest of the value is raw Snappy
GZIP = b"\x1f\x8b\x08"
SQLITE = b"SQLite format 3\x00"


def contents(file: Path) -> Iterator[bytes]:
    """The file as it lies there, then whatever is packed inside.

    Raises ValueError for a LevelDB table or an SQLite file that cannot be read to its end: what
    is not understood is not searched, and must not pass for clean.
    """
    raw = file.read_bytes()
    yield raw
    for inside in _inside(file, raw):
        yield inside
        yield from _blink(inside)
    yield from _blink(raw)
    yield from _gzip(raw)


def _inside(file: Path, raw: bytes) -> Iterator[bytes]:
    if raw.endswith(TABLE_MAGIC):
        yield from _table(raw)
    elif file.suffix == ".log" and (file.parent / "CURRENT").exists():
        for record in _log_records(raw):
            yield from _batch(record)
    elif raw.startswith(SQLITE):
        yield from _rows(file)


def _table(raw: bytes) -> Iterator[bytes]:
    """Keys and values of a sorted table."""
    footer = raw[-FOOTER:]
    _, at = _varint(footer, 0)  # the meta-index: its two numbers are passed over
    _, at = _varint(footer, at)
    start, at = _varint(footer, at)
    size, _ = _varint(footer, at)
    for _, handle in _entries(_block(raw, start, size)):
        start, at = _varint(handle, 0)
        size, _ = _varint(handle, at)
        for key, value in _entries(_block(raw, start, size)):
            yield key
            yield value


def _block(raw: bytes, start: int, size: int) -> bytes:
    packed, how = raw[start : start + size], raw[start + size]
    if how == SNAPPY:
        return bytes(cramjam.snappy.decompress_raw(packed))
    if how != PLAIN:
        raise ValueError(f"a LevelDB block is packed in an unknown way: {how}")
    return packed


def _entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys share their beginning with the one before; the offsets at the end are not needed."""
    end = len(block) - 4 * (int.from_bytes(block[-4:], "little") + 1)
    key, at = b"", 0
    while at < end:
        shared, at = _varint(block, at)
        rest, at = _varint(block, at)
        size, at = _varint(block, at)
        key = key[:shared] + block[at : at + rest]
        at += rest
        yield key, block[at : at + size]
        at += size


def _log_records(raw: bytes) -> Iterator[bytes]:
    """Records put together from their fragments; a torn end, as a crash leaves it, comes as it
    is."""
    whole = b""
    for start in range(0, len(raw), LOG_BLOCK):
        block, at = raw[start : start + LOG_BLOCK], 0
        while at + LOG_HEADER <= len(block):
            size, kind = int.from_bytes(block[at + 4 : at + 6], "little"), block[at + 6]
            at += LOG_HEADER
            if kind in (FULL, FIRST):
                whole = b""
            whole += block[at : at + size]
            at += size
            if kind in (FULL, LAST):
                yield whole
                whole = b""
    yield whole


def _batch(record: bytes) -> Iterator[bytes]:
    at = BATCH_HEADER
    while at < len(record):
        kind, at = record[at], at + 1
        for _ in range(2 if kind == PUT else 1):
            try:
                size, at = _varint(record, at)
            except IndexError:  # a torn end
                return
            yield record[at : at + size]
            at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _rows(file: Path) -> Iterator[bytes]:
    """Every row of every table, read from a copy: a write-ahead log beside it is part of it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        for suffix in ("", "-wal", "-journal"):
            if (beside := file.with_name(file.name + suffix)).exists():
                shutil.copyfile(beside, copy.with_name(copy.name + suffix))
        db = sqlite3.connect(copy)
        db.text_factory = bytes
        try:
            names = [name.decode() for (name,) in db.execute(TABLES)]
            for name in names:
                for row in db.execute(f'SELECT * FROM "{name}"'):
                    yield b"\x00".join(_bytes(cell) for cell in row)
        except sqlite3.DatabaseError as error:
            raise ValueError(f"{file} cannot be read as the SQLite file it is: {error}") from error
        finally:
            db.close()


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"


def _bytes(cell: object) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode()


def _blink(data: bytes) -> Iterator[bytes]:
    at = data.find(BLINK_SNAPPY)
    while at >= 0:
        with contextlib.suppress(cramjam.DecompressionError):  # only looks like the mark
            yield bytes(cramjam.snappy.decompress_raw(data[at + len(BLINK_SNAPPY) :]))
        at = data.find(BLINK_SNAPPY, at + 1)


def _gzip(data: bytes) -> Iterator[bytes]:
    at = data.find(GZIP)
    while at >= 0:
        with contextlib.suppress(zlib.error):  # only looks like the mark
            yield zlib.decompressobj(wbits=31).decompress(data[at:])
        at = data.find(GZIP, at + 1)
