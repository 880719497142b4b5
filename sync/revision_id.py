"""Revision ids as CouchDB computes them: equal edits of equal parents get equal ids on both.

The MD5 of `[Deleted, Start, ParentHash, Body, Attachments]` in Erlang's external term format
(erlang.org/doc/apps/erts/erl_ext_dist, `minor_version` 1), as `couch_db:new_revid` has it.
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Sequence
from typing import Any

from sync.model import Body, Revision

AttachmentKey = tuple[str, str, bytes]
"""Name, content type, MD5 of the stored bytes."""
_HASH = re.compile(r"[0-9a-fA-F]{32}")


def next_revision(
    parent: Revision | None, deleted: bool, body: Body, attachments: Sequence[AttachmentKey]
) -> Revision:
    """The id of the edit. `attachments` in the order in which the document names them."""
    start, digest = parent.split("-", 1) if parent else ("0", "")
    hashed = bytes.fromhex(digest) if _HASH.fullmatch(digest) else digest.encode()
    out = bytearray(b"\x83l\x00\x00\x00\x05")
    _atom(out, "true" if deleted else "false")
    _integer(out, int(start))
    if parent:
        _binary(out, hashed)
    else:
        _integer(out, 0)
    _value(out, body)
    _attachments(out, attachments)
    out += b"j"
    return f"{int(start) + 1}-{hashlib.md5(out, usedforsecurity=False).hexdigest()}"


def _attachments(out: bytearray, attachments: Sequence[AttachmentKey]) -> None:
    if attachments:
        out += b"l" + struct.pack(">I", len(attachments))
        for name, content_type, md5 in reversed(attachments):  # CouchDB folds from the left
            out += b"h\x03"
            _binary(out, name.encode())
            _binary(out, content_type.encode())
            _binary(out, md5)
    out += b"j"


def _value(out: bytearray, value: Any) -> None:
    """A JSON value as CouchDB's parser (jiffy) gives it: an object is `{[{Key, Value}]}`."""
    if isinstance(value, str):
        _binary(out, value.encode())
    elif isinstance(value, bool) or value is None:
        _atom(out, "null" if value is None else "true" if value else "false")
    elif isinstance(value, int):
        _integer(out, value)
    elif isinstance(value, float):
        out += b"F" + struct.pack(">d", value)
    elif isinstance(value, dict):
        out += b"h\x01"
        if value:
            out += b"l" + struct.pack(">I", len(value))
        for name, member in value.items():
            out += b"h\x02"
            _binary(out, name.encode())
            _value(out, member)
        out += b"j"
    else:
        _list(out, value)


def _list(out: bytearray, values: Sequence[Any]) -> None:
    if values and len(values) < 65536 and all(_is_byte(value) for value in values):
        out += b"k" + struct.pack(">H", len(values)) + bytes(values)
        return
    if values:
        out += b"l" + struct.pack(">I", len(values))
        for value in values:
            _value(out, value)
    out += b"j"


def _is_byte(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 255


def _integer(out: bytearray, value: int) -> None:
    if 0 <= value <= 255:
        out += b"a" + bytes((value,))
    elif -(1 << 31) <= value < 1 << 31:
        out += b"b" + struct.pack(">i", value)
    else:
        size = (abs(value).bit_length() + 7) // 8
        out += b"n" + bytes((size, value < 0)) + abs(value).to_bytes(size, "little")


def _binary(out: bytearray, value: bytes) -> None:
    out += b"m" + struct.pack(">I", len(value)) + value


def _atom(out: bytearray, name: str) -> None:
    out += b"d" + struct.pack(">H", len(name)) + name.encode()
