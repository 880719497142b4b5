"""A document as multipart/related: read from a PUT, written to a GET."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sync.gate import AccessT
from sync.model import BadRequest, Document
from sync.wire_exchange import Exchange, parse_object
from sync.wire_multipart import (
    boundary_of,
    filename_of,
    related,
    related_length,
    split_parts,
)
from sync.wire_read import document_followed


def read_related(body: bytes, content_type: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The document and, by name, the bytes of the attachments that follow it: matched by file
    name, or where the sender gave none by their order in `_attachments`."""
    parts = split_parts(body, boundary_of(content_type))
    if not parts:
        raise BadRequest("The multipart body has no parts.")
    parsed = parse_object(parts[0][1])
    given = parsed.get("_attachments")
    expected = [
        (name, a)
        for name, a in (given.items() if isinstance(given, dict) else ())
        if isinstance(a, dict) and a.get("follows") is True
    ]
    if len(expected) != len(parts) - 1:
        raise BadRequest(f"{len(expected)} attachments follow, {len(parts) - 1} came.")
    following: dict[str, bytes] = {}
    for (name, attachment), (headers, data) in zip(expected, parts[1:], strict=True):
        length = attachment.get("encoded_length", attachment.get("length", len(data)))
        following[filename_of(headers) or name] = data
        if filename_of(headers) in (None, name) and length != len(data):
            raise BadRequest(f"The attachment {name!r} has {len(data)} bytes, not {length}.")
    return parsed, following


async def write_related(
    x: Exchange[AccessT], document: Document, etag: str, *, winner: bool
) -> bool:
    """False where no attachment goes with it: then it is plain JSON."""
    text, followers = await document_followed(x, document, winner=winner)
    if not followers:
        return False
    boundary = uuid4().hex
    length = related_length(boundary, text, [attachment for attachment, _ in followers])
    await x.start(
        200,
        {
            "content-type": f'multipart/related; boundary="{boundary}"',
            "content-length": str(length),
            "etag": etag,
            "cache-control": "",
        },
    )
    async for piece in related(boundary, text, followers):
        await x.chunk(piece)
    await x.chunk(b"", more=False)
    return True
