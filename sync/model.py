"""What the replication layer speaks of: revisions, documents, attachments, edits, their results,
errors.

A revision id is CouchDB's text `<generation>-<hash>`. Everything here is immutable and knows no
storage.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import orjson

Revision = str
"""`<generation>-<hash>`, generation ≥ 1, hash without white space."""

Body = dict[str, Any]
"""A document's own members: a JSON object, no key begins with an underscore."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored attachment as a document names it. `digest` is CouchDB's `md5-<base64>`;
    `sha256` is hexadecimal and stays inside (the wire never sends it), "" where the store keeps
    none. `revpos` is 0 where an attachment was asked for without its document."""

    name: str
    content_type: str
    length: int
    digest: str
    revpos: int
    sha256: str = ""
    encoding: str = ""
    """`gzip` where the writer sent it compressed: it is kept so, `digest` and `sha256` are of the
    kept bytes, and `length` is that of the content."""
    encoded_length: int = 0

    @property
    def stored_length(self) -> int:
        return self.encoded_length if self.encoding else self.length


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """Bytes that come with an edit. `digest`, when the writer sent one (`md5-…`), is verified
    against the bytes. `hashed()` fills `md5` and `sha256`; the engine calls it where the caller
    has not."""

    content_type: str
    data: bytes
    digest: str | None = None
    revpos: int | None = None
    md5: str = ""
    sha256: str = ""
    encoding: str = ""
    content_length: int = 0
    """Bytes of the content, which differ from `length` where `data` is compressed."""

    @property
    def length(self) -> int:
        return len(self.data)

    def hashed(self) -> NewAttachment:
        """`BadRequest` where `data` is not what `encoding` says."""
        if self.sha256:
            return self
        md5 = hashlib.md5(self.data, usedforsecurity=False).digest()
        return replace(
            self,
            md5="md5-" + b64encode(md5).decode(),
            sha256=hashlib.sha256(self.data).hexdigest(),
            content_length=_gunzipped_length(self.data) if self.encoding else len(self.data),
        )

    @property
    def intact(self) -> bool:
        """False where the writer's MD5 digest is not that of the bytes (call after `hashed`)."""
        sent = self.digest
        return sent is None or not sent.startswith("md5-") or sent == self.md5


_LARGEST_CONTENT = 1 << 30


def _gunzipped_length(data: bytes) -> int:
    """Counts in pieces, so that a small file that unzips to a huge one costs time, not memory."""
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    length, rest = 0, data
    try:
        while not inflate.eof and (rest or length == 0):
            length += len(inflate.decompress(rest, 1 << 20))
            rest = inflate.unconsumed_tail
            if length > _LARGEST_CONTENT or (not rest and not inflate.eof):
                break
    except zlib.error:
        pass
    if not inflate.eof:
        raise BadRequest("An attachment that says `encoding: gzip` is not, or is far too large.")
    return length


@dataclass(frozen=True, slots=True)
class Stub:
    """ "The attachment of this name that the previous revision has"; nothing is sent again."""

    digest: str | None = None
    revpos: int | None = None


@dataclass(frozen=True)
class Document:
    """One revision of a document. `json` is the body's JSON text, `body` the same parsed.
    `revisions` is the path from this revision to the oldest known ancestor, newest first.
    A tombstone has `deleted=True` and may have a body."""

    id: str
    rev: Revision
    json: bytes
    deleted: bool = False
    attachments: tuple[Attachment, ...] = ()
    revisions: tuple[Revision, ...] = ()

    @cached_property
    def body(self) -> Body:
        parsed: Body = orjson.loads(self.json)
        return parsed


@dataclass(frozen=True, slots=True)
class Missing:
    """A revision that was asked for and is not known, or whose body was compacted away."""

    rev: Revision


@dataclass(frozen=True, slots=True)
class Edit:
    """One write. `revs`, newest first:
    with new_edits=True  `()` for a new document, else `(parent,)`, the revision it replaces;
    with new_edits=False the revision itself, then its known ancestors without a gap."""

    id: str
    body: Body
    revs: tuple[Revision, ...] = ()
    deleted: bool = False
    attachments: Mapping[str, NewAttachment | Stub] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes of the attachments that come with it."""
        return sum(a.length for a in self.attachments.values() if isinstance(a, NewAttachment))


@dataclass(frozen=True, slots=True)
class WriteResult:
    """The answer to one edit: `rev` when it is durable, else the error it was refused with."""

    id: str
    rev: Revision | None = None
    failure: SyncError | None = None

    @property
    def ok(self) -> bool:
        return self.failure is None


@dataclass(frozen=True, slots=True)
class Leaf:
    rev: Revision
    deleted: bool


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """`status`: `available` (a body is stored), `missing` (compacted or never seen), `deleted`."""

    rev: Revision
    status: str


@dataclass(frozen=True, slots=True)
class RevsDiff:
    missing: tuple[Revision, ...]
    possible_ancestors: tuple[Revision, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """`revs`: the winner alone (`main_only`) or every leaf, winner first (`all_docs`).
    `deleted` is the winner's. `doc` is the winner, where asked for."""

    seq: str
    id: str
    revs: tuple[Revision, ...]
    deleted: bool
    doc: Document | None = None


@dataclass(frozen=True, slots=True)
class ChangesPage:
    results: tuple[Change, ...]
    last_seq: str
    pending: int


UpdateKind = Literal["created", "updated", "deleted"]


@dataclass(frozen=True, slots=True)
class Update:
    """A database's latest change. `seq` is opaque."""

    db: str
    kind: UpdateKind
    seq: str


@dataclass(frozen=True, slots=True)
class UpdatesPage:
    results: tuple[Update, ...]
    last_seq: str


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A row of `_all_docs`."""

    id: str
    rev: Revision
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class LocalDocument:
    """A `_local/…` document: never replicated, no tree. `rev` is `0-<n>`."""

    id: str
    rev: Revision
    body: Body


@dataclass(frozen=True, slots=True)
class DatabaseInfo:
    """`update_seq` is opaque. `bytes` counts stored bodies and attachments."""

    name: str
    doc_count: int
    doc_del_count: int
    update_seq: str
    purge_seq: str
    bytes: int
    uuid: str


class SyncError(Exception):
    """A refusal in CouchDB's terms: HTTP `status`, `error` name and a `reason` for people."""

    status = 500
    error = "internal_server_error"
    reason = "The request could not be processed."

    def __init__(self, reason: str | None = None, *, retry_after: int | None = None) -> None:
        if reason is not None:
            self.reason = reason
        self.retry_after = retry_after
        super().__init__(f"{self.error}: {self.reason}")

    def payload(self) -> dict[str, str]:
        return {"error": self.error, "reason": self.reason}


class BadRequest(SyncError):
    status, error, reason = 400, "bad_request", "The request is not well formed."


class IllegalDatabaseName(BadRequest):
    error = "illegal_database_name"
    reason = (
        "Only lowercase characters (a-z), digits (0-9), and any of the characters "
        "_, $, (, ), +, -, and / are allowed. Must begin with a letter."
    )


class DatabaseNameTooLong(IllegalDatabaseName):
    error = "database_name_too_long"


class IllegalDocumentId(BadRequest):
    error, reason = "illegal_docid", "Only reserved document ids may start with underscore."


class QueryParseError(BadRequest):
    error, reason = "query_parse_error", "A parameter could not be read."


class DocumentValidation(BadRequest):
    error, reason = "doc_validation", "Bad special document member."


class DigestMismatch(BadRequest):
    error, reason = "content_md5_mismatch", "Possible message corruption."


class Unauthorized(SyncError):
    """`challenge` goes out as WWW-Authenticate. Not Basic unless a gate wants it: a browser would
    ask the person for a password."""

    challenge = "Bearer"
    status, error, reason = 401, "unauthorized", "You are not authorized to access this db."


class Forbidden(SyncError):
    status, error, reason = 403, "forbidden", "You are not allowed to do this."


class NotFound(SyncError):
    """`reason` is `missing`, `deleted`, `Database does not exist.` or what else is not there."""

    status, error, reason = 404, "not_found", "missing"


NO_DATABASE = "Database does not exist."


class MethodNotAllowed(SyncError):
    """`allowed` as the Allow header lists them."""

    status, error, reason = 405, "method_not_allowed", "This method is not allowed here."

    def __init__(self, allowed: str) -> None:
        super().__init__(f"Only {allowed} allowed")
        self.allowed = allowed


class Conflict(SyncError):
    status, error, reason = 409, "conflict", "Document update conflict."


class FileExists(SyncError):
    status, error = 412, "file_exists"
    reason = "The database could not be created, the file already exists."


class MissingRevision(Conflict):
    """A revision that the document does not have was to be changed."""

    error, reason = "not_found", "missing_rev"


class MissingStub(SyncError):
    status, error, reason = 412, "missing_stub", "The attachment of a stub is not stored here."


class TooLarge(SyncError):
    status, error, reason = 413, "too_large", "the request entity is too large"


class DocumentTooLarge(TooLarge):
    error, reason = "document_too_large", "The document is larger than this server takes."


class AttachmentTooLarge(TooLarge):
    error, reason = "attachment_too_large", "The attachment is larger than this server takes."


class BadContentType(SyncError):
    status, error = 415, "bad_content_type"
    reason = "Content-Type must be application/json"


class RangeNotSatisfiable(SyncError):
    status, error, reason = (
        416,
        "requested_range_not_satisfiable",
        "Requested range not satisfiable",
    )


class Unsupported(SyncError):
    status, error, reason = 501, "not_implemented", "This server does not offer it."


class Unavailable(SyncError):
    """The store cannot write now (disk full, engine closed, too many at once). Try again."""

    status, error, reason = 503, "service_unavailable", "The store is not available. Try again."
