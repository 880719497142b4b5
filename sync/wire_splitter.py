"""Cuts the body of `_bulk_docs` into its documents while it arrives.

Everything around the documents (`{"docs":[],"new_edits":false}`) is kept and parsed at the end,
so what is not JSON is still refused. Strings are skipped with `find`: base64 costs one memchr,
whatever its length; that of a large attachment is decoded as it comes and never held as text.
"""

from __future__ import annotations

import re
from secrets import token_hex
from typing import Any

from sync.model import BadRequest
from sync.wire_base64 import Base64
from sync.wire_exchange import parse_object

_STRUCTURE = re.compile(rb'["{}\[\]]')
_BETWEEN = re.compile(rb"[ \t\r\n]*")
_ENVELOPE = 1 << 16
_LARGE = 1 << 14
_PIECE = 1 << 16
_ATTACHMENT = {1: b'"_attachments"', 3: b'"data"'}  # the keys in front of an attachment's data


class DocumentSplitter:
    """`taken`: the decoded data of large attachments, under what stands in their place in the
    documents' text; None where it was no base64."""

    def __init__(self) -> None:
        self.taken: dict[str, bytes | None] = {}
        self._token = token_hex(8)  # with a colon behind it no base64, and nobody's guess
        self._taking: Base64 | None = None
        self._last: dict[int, bytes] = {}  # the last string at each depth of the document
        self._buffer = bytearray()
        self._at = 0  # up to here the buffer is understood
        self._depth = 0  # of brackets, within the envelope or within the document
        self._in_docs = False
        self._in_document = False
        self._in_string = -1  # where the string began, -1: not in one
        self._comma = False  # one was seen since the last document
        self._count = 0
        self._key = b""  # the last string of the envelope
        self._envelope = bytearray()

    def feed(self, chunk: bytes) -> list[bytes]:
        """The texts of the documents that are complete now."""
        found: list[bytes] = []
        for begin in range(0, len(chunk), _PIECE):
            self._buffer += chunk[begin : begin + _PIECE]
            while self._step(found):
                pass
        around = len(self._envelope) + (0 if self._in_document else len(self._buffer))
        if around > _ENVELOPE:
            raise BadRequest("Too much around the documents of _bulk_docs.")
        return found

    def envelope(self) -> dict[str, Any]:
        """The members beside the documents, when the body has ended. `BadRequest` if it is not
        whole."""
        self._keep(len(self._buffer))
        parsed = parse_object(bytes(self._envelope))
        if check_envelope(parsed):
            raise BadRequest("`docs` must be one array of objects.")
        return parsed

    def _step(self, found: list[bytes]) -> bool:
        """One token further; False when more bytes are needed."""
        if self._in_string >= 0:
            return self._string()
        if self._in_docs and not self._in_document:
            return self._between()
        match = _STRUCTURE.search(self._buffer, self._at)
        if match is None:
            self._at = len(self._buffer)
            if not self._in_document:
                self._keep(self._at)
            return False
        mark = match.group()
        self._at = match.end()
        if mark == b'"':
            self._in_string = match.start()
        elif mark in b"{[":
            self._depth += 1
            if not self._in_document and self._depth == 2 and mark == b"[":
                self._enter_docs()
        else:
            self._depth -= 1
            if self._in_document and self._depth == 0:
                self._end_document(found)
        return True

    def _string(self) -> bool:
        end = self._buffer.find(b'"', self._at)
        if (end if end >= 0 else len(self._buffer)) - self._in_string > _LARGE and self._is_data():
            self._taking = self._taking or Base64()
        if end < 0:
            self._at = max(self._at, len(self._buffer))
            self._take(self._at)
            return False
        before = end
        while before > self._in_string + 1 and self._buffer[before - 1] == 0x5C:
            before -= 1
        self._at = end + 1
        if (end - before) % 2 == 0:
            self._end_string()
        return True

    def _end_string(self) -> None:
        if self._taking is not None:
            self._take(self._at - 1)
            name = f"{self._token}:{len(self.taken)}"
            self.taken[name] = self._taking.finish()
            self._taking = None
            del self._last[self._depth]
            self._buffer[self._at - 1 : self._at - 1] = name.encode()
            self._at += len(name)
        elif self._in_document:
            if self._depth in _ATTACHMENT:
                self._last[self._depth] = bytes(self._buffer[self._in_string : self._at][:20])
        elif self._depth == 1:
            self._key = bytes(self._buffer[self._in_string : self._at])
        self._in_string = -1

    def _is_data(self) -> bool:
        return self._in_document and self._depth == 3 and self._last == _ATTACHMENT

    def _take(self, end: int) -> None:
        """Moves the string so far out of the buffer. A backslash waits for what it escapes."""
        if self._taking is None:
            return
        begin = self._in_string + 1
        while end > begin and self._buffer[end - 1] == 0x5C:
            end -= 1
        self._taking.feed(bytes(self._buffer[begin:end]))
        del self._buffer[begin:end]
        self._at -= end - begin

    def _enter_docs(self) -> None:
        if self._key == b'"docs"':
            self._keep(self._at)
            self._in_docs = True

    def _between(self) -> bool:
        """Between two documents: white space, one comma, the next one's brace, or the end."""
        match = _BETWEEN.match(self._buffer, self._at)
        self._at = match.end() if match else self._at
        if self._at == len(self._buffer):
            return False
        mark = self._buffer[self._at]
        if mark == 0x7B and (self._comma or not self._count):  # {
            del self._buffer[: self._at]
            self._at, self._depth = 1, 1
            self._in_document, self._comma = True, False
            self._last = {}
        elif mark == 0x2C and self._count and not self._comma:  # ,
            self._comma, self._at = True, self._at + 1
        elif mark == 0x5D and not self._comma:  # ]
            del self._buffer[: self._at]
            self._at, self._in_docs, self._depth, self._key = 1, False, 1, b""
        else:
            raise BadRequest("Document must be a JSON object")
        return True

    def _end_document(self, found: list[bytes]) -> None:
        found.append(bytes(self._buffer[: self._at]))
        del self._buffer[: self._at]
        self._at, self._in_document = 0, False
        self._count += 1

    def _keep(self, end: int) -> None:
        """Moves the envelope's part of the buffer to where it is kept."""
        if not self._in_document:
            self._envelope += self._buffer[:end]
            del self._buffer[:end]
            self._at = 0


def check_envelope(parsed: dict[str, Any]) -> list[Any]:
    """The value of `docs`."""
    if "docs" not in parsed:
        raise BadRequest("POST body must include `docs` parameter.")
    if not isinstance(parsed["docs"], list):
        raise BadRequest("`docs` parameter must be an array.")
    return parsed["docs"]
