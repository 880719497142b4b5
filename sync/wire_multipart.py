"""Multipart bodies (RFC 2046), read and written as CouchDB's replicator does: a document's JSON
first, then its attachments (multipart/related, RFC 2387)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from email.message import Message

from sync.model import Attachment, BadRequest

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
            headers[_text(name).lower()] = _text(value)
    return headers, data


def _text(field: bytes) -> str:
    try:
        return field.strip().decode()
    except UnicodeDecodeError:
        return field.strip().decode("latin-1")


def filename_of(headers: dict[str, str]) -> str | None:
    message = Message()
    message["content-disposition"] = headers.get("content-disposition", "")
    return message.get_filename()


Follower = tuple[Attachment, AsyncIterator[bytes]]
"""An attachment and its bytes as they are kept."""


def related_length(boundary: str, text: bytes, attachments: Sequence[Attachment]) -> int:
    """Bytes that `related` gives."""
    heads = sum(len(_head(boundary, each)) + each.stored_length for each in attachments)
    return len(_first(boundary, text)) + heads + len(boundary) + len("\r\n----")


async def related(
    boundary: str, text: bytes, followers: Sequence[Follower]
) -> AsyncIterator[bytes]:
    """A document's JSON and the attachments that follow it."""
    yield _first(boundary, text)
    for attachment, pieces in followers:
        yield _head(boundary, attachment)
        async for piece in pieces:
            yield piece
    yield f"\r\n--{boundary}--".encode()


def _first(boundary: str, text: bytes) -> bytes:
    return f"--{boundary}\r\nContent-Type: application/json\r\n\r\n".encode() + text


def _head(boundary: str, attachment: Attachment) -> bytes:
    lines = [
        f"\r\n--{boundary}",
        f'Content-Disposition: attachment; filename="{_quoted(attachment.name)}"',
        f"Content-Type: {attachment.content_type}",
        f"Content-Length: {attachment.stored_length}",
    ]
    if attachment.encoding:
        lines.append(f"Content-Encoding: {attachment.encoding}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _quoted(name: str) -> str:
    return re.sub(r'["\\\r\n]', lambda found: {'"': '\\"', "\\": "\\\\"}.get(found[0], ""), name)
