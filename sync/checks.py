"""What is refused without looking into a store: names, ids, bodies, attachments' digests."""

from __future__ import annotations

import re
from dataclasses import replace

import orjson

from sync.model import (
    BadRequest,
    Body,
    DatabaseNameTooLong,
    DigestMismatch,
    DocumentValidation,
    Edit,
    IllegalDatabaseName,
    IllegalDocumentId,
    NewAttachment,
)
from sync.revtree import check_path

_NAME = re.compile(r"[a-z][a-z0-9_$()+/-]*")
_LONGEST = 238
_REPLICATION = frozenset(
    f"_replication_{member}" for member in ("state", "state_time", "state_reason", "id", "stats")
)
"""Members with an underscore that are kept as they are (couch_doc:transfer_fields)."""


def check_database_name(name: str) -> None:
    if len(name) > _LONGEST:
        raise DatabaseNameTooLong(f"At least one path segment of `{name[:1000]}` is too long.")
    if not _NAME.fullmatch(name):
        raise IllegalDatabaseName(f"Name: '{name}'. {IllegalDatabaseName.reason}")


def check_revs_limit(limit: int) -> None:
    if not 1 <= limit < 1 << 31:
        raise BadRequest("The limit of revisions is a whole number from 1.")


def check_edit(edit: Edit, new_edits: bool) -> tuple[Edit, bytes]:
    """The edit with its attachments hashed, and the JSON of its body. Raises what it is refused
    with."""
    _check_id(edit.id)
    if not new_edits:
        check_path(edit.revs)
    body = encode_body(edit.id, edit.body)
    attachments = {
        name: given.hashed() if isinstance(given, NewAttachment) else given
        for name, given in edit.attachments.items()
    }
    for name, given in attachments.items():
        if isinstance(given, NewAttachment) and not given.intact:
            raise DigestMismatch(
                f"Possible message corruption: {name!r} has {given.md5}, not {given.digest}."
            )
    return (replace(edit, attachments=attachments) if attachments else edit), body


def check_names(edit: Edit) -> None:
    """`IllegalDocumentId`, or `DocumentValidation` of a member."""
    _check_id(edit.id)
    _check_members(edit.body)


def _check_members(body: Body) -> None:
    for name in body:
        if name.startswith("_") and name not in _REPLICATION:
            raise DocumentValidation(f"Bad special document member: {name}")


def encode_body(doc_id: str, body: Body) -> bytes:
    _check_members(body)
    try:
        return orjson.dumps(body)
    except TypeError as error:  # nested deeper than 254, or no JSON value
        raise BadRequest(f"The body of {doc_id!r} cannot be kept: {error}.") from None


def _check_id(doc_id: str) -> None:
    if not doc_id:
        raise IllegalDocumentId("Document id must not be empty")
    if doc_id.startswith("_") and not doc_id.startswith("_design/"):
        raise IllegalDocumentId
    if len(doc_id) > 7168 or "\0" in doc_id:
        raise IllegalDocumentId("Document id is too long or has a NUL character")
