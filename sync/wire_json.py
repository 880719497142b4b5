"""Documents as CouchDB writes them in JSON: `_id`, `_rev`, `_revisions`, `_attachments` … in and
out."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import orjson
import pybase64

from sync.model import (
    Attachment,
    BadContentType,
    BadRequest,
    Document,
    DocumentValidation,
    Edit,
    IllegalDocumentId,
    NewAttachment,
    Revision,
    Stub,
    WriteResult,
)
from sync.revtree import check_path, check_revision

_MADE_BY_READING = {
    "_revs_info",
    "_conflicts",
    "_deleted_conflicts",
    "_local_seq",
}


def parse_edit(
    parsed: dict[str, Any],
    new_edits: bool,
    following: Mapping[str, bytes] | None = None,
    taken: MutableMapping[str, bytes | None] | None = None,
) -> Edit:
    """An edit from a document's JSON object (which is taken apart). `following` are the bytes of
    the attachments that say `follows` (multipart only). `taken`: attachments that were decoded
    already, by what stands in their place; those used are removed."""
    check_text_id(parsed)
    doc_id = parsed.pop("_id", None)
    if doc_id is None:
        raise BadRequest("The document needs an `_id`.")
    rev = parsed.pop("_rev", None)
    revisions = parsed.pop("_revisions", None)
    deleted = parsed.pop("_deleted", False)
    attachments = parsed.pop("_attachments", {})
    if not isinstance(deleted, bool):
        raise DocumentValidation("Bad special document member: _deleted")
    if not isinstance(attachments, dict):
        raise DocumentValidation("Bad special document member: _attachments")
    for name in _MADE_BY_READING:
        parsed.pop(name, None)
    return Edit(
        doc_id,
        parsed,
        _parse_revs(rev, revisions, new_edits),
        deleted,
        {
            name: _parse_attachment(name, a, new_edits, following, taken or {})
            for name, a in attachments.items()
        },
    )


def document_object(parsed: Any) -> dict[str, Any]:
    if not isinstance(parsed, dict):
        raise BadRequest("Document must be a JSON object")
    return parsed


def check_text_id(parsed: Mapping[str, Any]) -> None:
    if not isinstance(parsed.get("_id", ""), str):
        raise IllegalDocumentId("Document id must be a string")


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
    if type(start) is not int:
        raise DocumentValidation("_revisions.start isn't an integer.")
    if not isinstance(ids, list) or not ids:
        raise DocumentValidation("_revisions.ids isn't a array.")
    if not all(isinstance(digest, str) for digest in ids):
        raise DocumentValidation("RevId isn't a string")
    if not 0 < start < 10**18 or len(ids) > start:
        raise DocumentValidation("_revisions.ids has more revisions than _revisions.start says")
    path = tuple([f"{start - i}-{digest}" for i, digest in enumerate(ids)])
    check_path(path)
    return path


def _parse_attachment(
    name: str,
    given: Any,
    new_edits: bool,
    following: Mapping[str, bytes] | None,
    taken: MutableMapping[str, bytes | None],
) -> NewAttachment | Stub:
    check_attachment_name(name)
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
    if given.get("follows") is True:
        if following is None or name not in following:
            raise BadRequest(f"The bytes of the attachment {name!r} do not follow")
        encoding = check_encoding(given.get("encoding", ""))
        data = following[name]
        return NewAttachment(content_type, data, digest, revpos, encoding=encoding)
    # An editor that puts new bytes in an attachment's place sends its old digest with them.
    sent = None if new_edits else digest
    return NewAttachment(content_type, _decode(name, given.get("data"), taken), sent, revpos)


def check_attachment_name(name: str) -> None:
    if name.startswith("_"):
        raise BadRequest(f"Attachment name '{name[:200]}' starts with prohibited character '_'")
    if not name or len(name) > 1024:
        raise BadRequest("Attachment name must not be empty or be very long")


def check_encoding(encoding: Any) -> str:
    """ "" where the bytes are the content itself."""
    if encoding in ("", "identity"):
        return ""
    if encoding != "gzip":
        raise BadContentType("Only gzip and identity content-encodings are supported")
    return "gzip"


def check_content_type(content_type: str) -> None:
    if len(content_type) > 255 or not content_type.isascii() or not content_type.isprintable():
        raise BadRequest("The content_type of an attachment is not well formed")


def _decode(name: str, data: Any, taken: MutableMapping[str, bytes | None]) -> bytes:
    if not isinstance(data, str):
        raise BadRequest(f"Invalid attachment data for {name}")
    if (decoded := taken.pop(data, None)) is not None:
        return decoded
    try:
        return pybase64.b64decode(data, validate=True)
    except ValueError:
        raise BadRequest(f"Invalid attachment data for {name}") from None


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


def _named(attachment: Attachment, encoding: bool) -> dict[str, Any]:
    said: dict[str, Any] = {
        "content_type": attachment.content_type,
        "revpos": attachment.revpos,
        "digest": attachment.digest,
    }
    if encoding and attachment.encoding:
        said |= {"encoding": attachment.encoding, "encoded_length": attachment.encoded_length}
    return said


def stub(attachment: Attachment, encoding: bool = False) -> dict[str, Any]:
    """`encoding`: say also how it is kept."""
    return _named(attachment, encoding) | {"length": attachment.length, "stub": True}


def follows(attachment: Attachment) -> dict[str, Any]:
    return _named(attachment, True) | {"length": attachment.length, "follows": True}


def inline(attachment: Attachment, data: bytes, encoding: bool = False) -> dict[str, Any]:
    return _named(attachment, encoding) | {"data": pybase64.b64encode_as_string(data)}


def write_results(results: Sequence[WriteResult], new_edits: bool) -> list[dict[str, Any]]:
    """Rows of `_bulk_docs`; without new_edits CouchDB answers the refused ones only."""
    rows: list[dict[str, Any]] = []
    for result in results:
        if result.failure is not None:
            rows.append({"id": result.id, **result.failure.payload()})
        elif new_edits:
            rows.append({"ok": True, "id": result.id, "rev": result.rev})
    return rows
