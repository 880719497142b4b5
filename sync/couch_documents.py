"""CouchDB's JSON into documents, and edits into what CouchDB takes."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

import orjson
import pybase64

from sync.model import Attachment, Change, Document, Edit, NewAttachment, Stub

Json = dict[str, Any]


def document_of(said: Json) -> Document:
    """A document as CouchDB writes it; `revisions` where it came with `_revisions`."""
    revisions = said.get("_revisions") or {}
    start = revisions.get("start", 0)
    body = {name: value for name, value in said.items() if not name.startswith("_")}
    return Document(
        id=said["_id"],
        rev=said["_rev"],
        json=orjson.dumps(body),
        deleted=bool(said.get("_deleted", False)),
        attachments=tuple(
            Attachment(name, a["content_type"], a["length"], a["digest"], a["revpos"])
            for name, a in sorted((said.get("_attachments") or {}).items())
        ),
        revisions=tuple(
            f"{start - i}-{digest}" for i, digest in enumerate(revisions.get("ids", []))
        ),
    )


def change_of(said: Json) -> Change:
    doc = said.get("doc")
    return Change(
        seq=str(said["seq"]),
        id=said["id"],
        revs=tuple(each["rev"] for each in said["changes"]),
        deleted=bool(said.get("deleted", False)),
        doc=document_of(doc) if doc else None,
    )


def head_of(edit: Edit, new_edits: bool) -> Json:
    """The members that CouchDB wants beside the body; the attachments as in `multipart`."""
    head: Json = {"_id": edit.id}
    if edit.deleted:
        head["_deleted"] = True
    if edit.revs:
        head["_rev"] = edit.revs[0]
    if not new_edits:
        ids = [rev.partition("-")[2] for rev in edit.revs]
        head["_revisions"] = {"start": int(edit.revs[0].partition("-")[0]), "ids": ids}
    if edit.attachments:
        head["_attachments"] = {name: _stub(given) for name, given in edit.attachments.items()}
    return head


def _stub(given: NewAttachment | Stub) -> Json:
    said: Json = {"revpos": given.revpos} if given.revpos else {}
    if isinstance(given, Stub):
        return said | ({"digest": given.digest} if given.digest else {}) | {"stub": True}
    kind: Json = {"content_type": given.content_type, "digest": given.md5}
    if given.encoding:
        kind |= {"encoding": given.encoding, "encoded_length": given.length}
    return said | kind | {"follows": True, "length": given.content_length}


def text_of(edit: Edit, body: bytes, new_edits: bool) -> bytes:
    """The document's JSON, `body` being its own members'."""
    head = orjson.dumps(head_of(edit, new_edits))
    return head if body == b"{}" else head[:-1] + b"," + body[1:]


def multipart(edit: Edit, text: bytes) -> tuple[str, bytes]:
    """multipart/related (RFC 2387): `text`, then the new attachments' bytes in the order in which
    it names them. The content type, and the body."""
    boundary = token_hex(16)
    mark = b"\r\n--" + boundary.encode()
    pieces = [mark[2:], b"\r\ncontent-type: application/json\r\n\r\n", text]
    for given in edit.attachments.values():
        if isinstance(given, NewAttachment):
            pieces += (mark, b"\r\n\r\n", given.data)
    pieces += (mark, b"--")
    return f'multipart/related; boundary="{boundary}"', b"".join(pieces)


def md5_of(digest: str) -> str:
    """CouchDB's `md5-…` of a Content-MD5 header, or of an ETag where there is none."""
    digest = digest.strip('"')
    return f"md5-{digest}" if len(digest) == 24 and _is_base64(digest) else digest


def _is_base64(text: str) -> bool:
    try:
        return len(pybase64.b64decode(text, validate=True)) == 16
    except ValueError:
        return False
