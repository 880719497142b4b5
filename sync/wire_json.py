"""Documents as CouchDB writes them in JSON: `_id`, `_rev`, `_revisions`, `_attachments` … in and
out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
import pybase64

from sync.model import (
    Attachment,
    BadRequest,
    Document,
    DocumentValidation,
    Edit,
    NewAttachment,
    Revision,
    Stub,
    Unsupported,
    WriteResult,
)
from sync.revtree import check_revision

_MADE_BY_READING = {
    "_revs_info",
    "_conflicts",
    "_deleted_conflicts",
    "_local_seq",
}


def parse_edit(
    parsed: dict[str, Any], new_edits: bool, following: Mapping[str, bytes] | None = None
) -> Edit:
    """An edit from a document's JSON object (which is taken apart). `following` are the bytes of
    the attachments that say `follows` (multipart only)."""
    doc_id = parsed.pop("_id", None)
    if not isinstance(doc_id, str):
        raise BadRequest("Document id must be a string")
    rev = parsed.pop("_rev", None)
    revisions = parsed.pop("_revisions", None)
    deleted = parsed.pop("_deleted", False)
    attachments = parsed.pop("_attachments", None) or {}
    if not isinstance(deleted, bool):
        raise DocumentValidation("_deleted must be true or false")
    if not isinstance(attachments, dict):
        raise BadRequest("_attachments must be a JSON object")
    for name in _MADE_BY_READING:
        parsed.pop(name, None)
    return Edit(
        doc_id,
        parsed,
        _parse_revs(rev, revisions, new_edits),
        deleted,
        {name: _parse_attachment(name, a, following) for name, a in attachments.items()},
    )


def _parse_revs(rev: Any, revisions: Any, new_edits: bool) -> tuple[Revision, ...]:
    if new_edits:
        return (check_revision(rev),) if rev is not None else ()
    if revisions is None:
        if rev is None:
            raise BadRequest(
                "When `new_edits: false`, the document needs `_rev` or `_revisions` specified"
            )
        return (check_revision(rev),)
    if not isinstance(revisions, dict):
        raise DocumentValidation("_revisions must be a JSON object")
    start, ids = revisions.get("start"), revisions.get("ids")
    if type(start) is not int or not isinstance(ids, list) or not ids:
        raise DocumentValidation("_revisions.start must be a number, _revisions.ids an array")
    if not all(isinstance(digest, str) for digest in ids):
        raise DocumentValidation("_revisions.ids must be strings")
    if not 0 < start < 10**18 or len(ids) > start:
        raise DocumentValidation("_revisions.ids has more revisions than _revisions.start says")
    revs = tuple(check_revision(f"{start - i}-{digest}") for i, digest in enumerate(ids))
    if rev is not None and rev != revs[0]:
        raise DocumentValidation("_rev is not the first of _revisions")
    return revs


def _parse_attachment(
    name: str, given: Any, following: Mapping[str, bytes] | None
) -> NewAttachment | Stub:
    if not name or name.startswith("_") or len(name) > 1024:
        raise BadRequest("Attachment name must not be empty, start with '_' or be very long")
    if not isinstance(given, dict):
        raise BadRequest(f"The attachment {name!r} must be a JSON object")
    digest, revpos = given.get("digest"), given.get("revpos")
    content_type = given.get("content_type", "application/octet-stream")
    if not isinstance(digest, str | None) or not isinstance(content_type, str):
        raise BadRequest(f"The attachment {name!r} has a bad digest or content_type")
    if revpos is not None and (type(revpos) is not int or not 0 <= revpos < 10**18):
        raise BadRequest(f"The attachment {name!r} has a bad revpos")
    check_content_type(content_type)
    if given.get("stub") is True:
        return Stub(digest, revpos)
    if given.get("encoding", "identity") != "identity":
        raise Unsupported("Attachments with an encoding are not supported.")
    if given.get("follows") is True:
        if following is None or name not in following:
            raise BadRequest(f"The bytes of the attachment {name!r} do not follow")
        return NewAttachment(content_type, following[name], digest, revpos)
    return NewAttachment(content_type, _decode(name, given.get("data")), digest, revpos)


def check_content_type(content_type: str) -> None:
    if len(content_type) > 255 or not content_type.isascii() or not content_type.isprintable():
        raise BadRequest("The content_type of an attachment is not well formed")


def _decode(name: str, data: Any) -> bytes:
    if not isinstance(data, str):
        raise BadRequest(f"The attachment {name!r} has neither data nor stub nor follows")
    try:
        return pybase64.b64decode(data, validate=True)
    except ValueError:
        raise BadRequest(f"Attachment data of {name!r} must be base64 encoded") from None


def write_document(
    document: Document, extra: Mapping[str, Any] | None = None, revs: bool = False
) -> bytes:
    """The document's JSON: its stored text with `_id`, `_rev` and what else was asked put
    around."""
    special: dict[str, Any] = {"_id": document.id, "_rev": document.rev}
    if document.deleted:
        special["_deleted"] = True
    tail = dict(extra or {})
    if revs:
        tail["_revisions"] = {
            "start": int(document.rev.partition("-")[0]),
            "ids": [rev.partition("-")[2] for rev in document.revisions],
        }
    if document.attachments and "_attachments" not in tail:
        tail["_attachments"] = {a.name: stub(a) for a in document.attachments}
    text = orjson.dumps(special)[:-1]
    if document.json != b"{}":
        text += b"," + document.json[1:-1]
    if tail:
        text += b"," + orjson.dumps(tail)[1:-1]
    return text + b"}"


def stub(attachment: Attachment) -> dict[str, Any]:
    return {
        "content_type": attachment.content_type,
        "revpos": attachment.revpos,
        "digest": attachment.digest,
        "length": attachment.length,
        "stub": True,
    }


def inline(attachment: Attachment, data: bytes) -> dict[str, Any]:
    return {
        "content_type": attachment.content_type,
        "revpos": attachment.revpos,
        "digest": attachment.digest,
        "data": pybase64.b64encode_as_string(data),
    }


def write_results(results: Sequence[WriteResult], new_edits: bool) -> list[dict[str, Any]]:
    """Rows of `_bulk_docs`; without new_edits CouchDB answers the refused ones only."""
    rows: list[dict[str, Any]] = []
    for result in results:
        if result.failure is not None:
            rows.append({"id": result.id, **result.failure.payload()})
        elif new_edits:
            rows.append({"ok": True, "id": result.id, "rev": result.rev})
    return rows
