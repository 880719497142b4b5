"""One attachment: GET, HEAD, PUT, DELETE."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sync.gate import AccessT
from sync.model import (
    AttachmentTooLarge,
    BadRequest,
    Conflict,
    Document,
    Edit,
    NewAttachment,
    NotFound,
    Stub,
)
from sync.wire_document import document_id, given_rev
from sync.wire_exchange import Exchange
from sync.wire_json import check_content_type
from sync.wire_push import push_one


def _name(x: Exchange[AccessT]) -> str:
    """What comes after the document; a name may have slashes."""
    return "/".join(x.path[2 if x.path[0] == "_design" else 1 :])


async def get(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    if not await x.gate.visible(x.access, x.db, doc_id):
        await x.engine.info(x.db)
        raise NotFound("missing")
    attachment, pieces = await x.engine.attachment(x.db, doc_id, _name(x), given_rev(x))
    md5 = attachment.digest.removeprefix("md5-")
    etag = f'"{md5}"'
    if x.headers.get("if-none-match") == etag:
        await x.start(304, {"etag": etag})
        return await x.chunk(b"", more=False)
    await x.start(
        200,
        {
            "content-type": attachment.content_type,
            "content-length": str(attachment.length),
            "content-md5": md5,
            "etag": etag,
            "accept-ranges": "none",
            # what somebody uploaded must not run as a page of this origin
            "x-content-type-options": "nosniff",
            "content-security-policy": "sandbox",
        },
    )
    if x.method != "HEAD":
        async for piece in pieces:
            await x.chunk(piece)
    return await x.chunk(b"", more=False)


async def put(x: Exchange[AccessT]) -> None:
    declared = x.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > x.limits.attachment:
        raise AttachmentTooLarge
    content_type = x.headers.get("content-type", "application/octet-stream")
    check_content_type(content_type)
    name = _name(x)
    if not name or name.startswith("_") or len(name) > 1024:
        raise BadRequest("Attachment name must not be empty, start with '_' or be very long")
    md5 = x.headers.get("content-md5")
    new = NewAttachment(content_type, await x.body(), f"md5-{md5}" if md5 else None)
    await _change(x, name, new, 201)


async def delete(x: Exchange[AccessT]) -> None:
    await _change(x, _name(x), None, 200)


async def _change(x: Exchange[AccessT], name: str, new: NewAttachment | None, status: int) -> None:
    """The document once more with this attachment put in (or None: taken out)."""
    doc_id, rev = document_id(x), given_rev(x)
    document = await _current(x, doc_id, rev is None and new is not None)
    if (document.rev if document else None) != rev:
        raise Conflict
    attachments: dict[str, NewAttachment | Stub] = {
        a.name: Stub(a.digest, a.revpos) for a in (document.attachments if document else ())
    }
    if new is not None:
        attachments[name] = new
    elif attachments.pop(name, None) is None:
        raise NotFound("Document is missing attachment")
    body: dict[str, Any] = document.body if document else {}
    edit = Edit(doc_id, body, (rev,) if rev else (), attachments=attachments)
    made = await push_one(x, edit)
    location = f"/{quote(x.db, safe='')}/{quote(doc_id, safe='')}/{quote(name)}"
    answer = {"ok": True, "id": doc_id, "rev": made}
    await x.reply(status, answer, etag=f'"{made}"', location=location)


async def _current(x: Exchange[AccessT], doc_id: str, may_be_new: bool) -> Document | None:
    try:
        return await x.engine.get(x.db, doc_id)
    except NotFound as missing:
        if may_be_new and missing.reason in ("missing", "deleted"):
            return None
        raise
