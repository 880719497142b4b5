"""Base64 (RFC 4648 §4) in pieces of any length, as it stands in a JSON string."""

from __future__ import annotations

import pybase64


class Base64:
    def __init__(self) -> None:
        self._data = bytearray()
        self._rest = b""
        self._padded = False
        self._broken = False

    def feed(self, text: bytes) -> None:
        """JSON may escape a slash; a piece must not end between it and its backslash."""
        if b"\\" in text:
            text = text.replace(b"\\/", b"/")
        text = self._rest + text
        whole = len(text) - len(text) % 4
        self._rest = text[whole:]
        if self._broken or not whole:
            return
        self._broken = self._padded
        self._padded = text[whole - 1 : whole] == b"="
        try:
            self._data += pybase64.b64decode(text[:whole], validate=True)
        except ValueError:
            self._broken = True

    def finish(self) -> bytes | None:
        """None where it was not well formed."""
        if self._broken or self._rest:
            return None
        return bytes(self._data)
