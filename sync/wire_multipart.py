"""multipart/related (RFC 2387) as CouchDB's replicator sends documents: JSON first, then
attachments."""

from __future__ import annotations

import re
from email.message import Message

from sync.model import BadRequest

Part = tuple[dict[str, str], bytes]
"""Headers with lower-case names, and the bytes."""

_MAX_PARTS = 1001


def boundary_of(content_type: str) -> bytes:
    """The boundary parameter. `BadRequest` where it is missing or not allowed (RFC 2046 §5.1.1)."""
    message = Message()
    message["content-type"] = content_type
    boundary = message.get_param("boundary")
    if not isinstance(boundary, str) or not re.fullmatch(r"[ -~]{1,200}", boundary):
        raise BadRequest("The multipart body has no boundary.")
    return boundary.encode("ascii")


def split_parts(body: bytes, boundary: bytes) -> list[Part]:
    """All parts. `BadRequest` where the closing boundary is missing: the body was cut off."""
    mark = b"\r\n--" + boundary
    text = b"\r\n" + body
    at = text.find(mark)
    if at < 0:
        raise BadRequest("The multipart body does not begin with its boundary.")
    parts: list[Part] = []
    while True:
        at += len(mark)
        if text[at : at + 2] == b"--":
            return parts
        begin = text.find(b"\r\n", at)
        end = text.find(mark, at)
        if begin < 0 or end < 0 or text[at:begin].strip(b" \t"):
            raise BadRequest("The multipart body is cut off or not well formed.")
        if len(parts) == _MAX_PARTS:
            raise BadRequest("The multipart body has too many parts.")
        parts.append(_split_part(text[begin:end]))
        at = end


def _split_part(text: bytes) -> Part:
    """`text` begins with the CRLF after the boundary; an empty line ends the headers."""
    head, blank, data = text.partition(b"\r\n\r\n")
    if not blank:
        raise BadRequest("A part of the multipart body has no empty line after its headers.")
    headers = {}
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.strip().lower().decode("latin-1")] = value.strip().decode("latin-1")
    return headers, data


def filename_of(headers: dict[str, str]) -> str | None:
    message = Message()
    message["content-disposition"] = headers.get("content-disposition", "")
    return message.get_filename()
