"""One attachment: GET, HEAD, PUT, DELETE."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from typing import Any

from sync.gate import AccessT
from sync.model import (
    Attachment,
    AttachmentTooLarge,
    Conflict,
    Document,
    Edit,
    MissingRevision,
    NewAttachment,
    NotFound,
    RangeNotSatisfiable,
    Revision,
    Stub,
)
from sync.wire_document import document_id, given_rev, require_visible
from sync.wire_exchange import Exchange
from sync.wire_json import check_attachment_name, check_content_type, check_encoding
from sync.wire_push import push_one

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


def _name(x: Exchange[AccessT]) -> str:
    """What comes after the document; a name may have slashes."""
    return "/".join(x.path[2 if x.path[0] == "_design" else 1 :])


async def get(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    await require_visible(x, doc_id)
    attachment, pieces = await x.engine.attachment(x.db, doc_id, _name(x), given_rev(x))
    etag = f'"{attachment.digest.removeprefix("md5-")}"'
    if await x.unchanged(etag):
        return None
    headers = {
        "content-type": attachment.content_type,
        "etag": etag,
        "accept-ranges": "none" if attachment.encoding else "bytes",
        # what somebody uploaded must not run as a page of this origin
        "x-content-type-options": "nosniff",
        "content-security-policy": "sandbox",
    }
    if attachment.encoding:
        return await _encoded(x, attachment, pieces, headers)
    status, begin, end = 200, 0, attachment.length
    wanted = _range(x.headers.get("range", ""), attachment.length)
    if wanted is not None:
        status, (begin, end) = 206, wanted
        headers["content-range"] = f"bytes {begin}-{end - 1}/{attachment.length}"
    await x.start(status, headers | {"content-length": str(end - begin)})
    if x.method != "HEAD":
        async for piece in _part(pieces, begin, end):
            await x.chunk(piece)
    return await x.chunk(b"", more=False)


async def _encoded(
    x: Exchange[AccessT],
    attachment: Attachment,
    pieces: AsyncIterator[bytes],
    headers: dict[str, str],
) -> None:
    """As it is kept where the caller understands that, else unzipped."""
    data = b"".join([piece async for piece in pieces])
    if attachment.encoding in x.headers.get("accept-encoding", ""):
        headers["content-encoding"] = attachment.encoding
    else:
        data = gzip.decompress(data)
    await x.start(200, headers | {"content-length": str(len(data))})
    await x.chunk(data, more=False)


def _range(header: str, length: int) -> tuple[int, int] | None:
    """The part (first byte, byte after the last) that RFC 9110 §14.1.2 gives; None for the whole,
    which also answers what is no single range."""
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found[0] in ("bytes=-", "bytes=0-"):
        return None
    first, last = found.groups()
    if not first:
        begin, end = max(length - int(last), 0), length
    else:
        begin, end = int(first), min(int(last or length), length - 1) + 1
    if begin >= end:
        raise RangeNotSatisfiable
    return begin, end


async def _part(pieces: AsyncIterator[bytes], begin: int, end: int) -> AsyncIterator[bytes]:
    at = 0
    async for piece in pieces:
        if at < end and at + len(piece) > begin:
            yield piece[max(begin - at, 0) : end - at]
        at += len(piece)


async def put(x: Exchange[AccessT]) -> None:
    declared = x.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > x.limits.attachment:
        raise AttachmentTooLarge
    content_type = x.headers.get("content-type", "application/octet-stream")
    check_content_type(content_type)
    check_attachment_name(_name(x))
    encoding = check_encoding(x.headers.get("content-encoding", ""))
    md5 = x.headers.get("content-md5")
    data = b"".join([chunk async for chunk in x.chunks(inflate=False)])
    new = NewAttachment(content_type, data, f"md5-{md5}" if md5 else None, encoding=encoding)
    await _change(x, new, 201)


async def delete(x: Exchange[AccessT]) -> None:
    await _change(x, None, 200)


async def _change(x: Exchange[AccessT], new: NewAttachment | None, status: int) -> None:
    """The document once more with this attachment put in (or None: taken out)."""
    doc_id, name, rev = document_id(x), _name(x), given_rev(x)
    document = await _current(x, doc_id, rev, making=new is not None)
    attachments: dict[str, NewAttachment | Stub] = {
        a.name: Stub(a.digest, a.revpos) for a in (document.attachments if document else ())
    }
    if new is None and name not in attachments:
        raise NotFound("Document is missing attachment")
    attachments.pop(name, None)
    if new is not None:  # CouchDB puts a new one first, which the revision id depends on
        attachments = {name: new, **attachments}
    body: dict[str, Any] = document.body if document else {}
    edit = Edit(doc_id, body, (rev,) if rev else (), attachments=attachments)
    made = await push_one(x, edit)
    location = x.location(x.db, doc_id, name) if new is not None else ""
    await x.reply(status, {"ok": True, "id": doc_id, "rev": made}, location=location)


async def _current(
    x: Exchange[AccessT], doc_id: str, rev: Revision | None, *, making: bool
) -> Document | None:
    """The revision to change; None where a document is to be made."""
    try:
        document = await x.engine.get(x.db, doc_id, rev)
    except NotFound as gone:
        if rev is not None and gone.reason == "missing":
            raise MissingRevision from None
        if making and gone.reason in ("missing", "deleted"):
            return None
        raise
    if rev is None:
        raise Conflict
    return document
