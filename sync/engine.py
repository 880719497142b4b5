"""The engine's contract: every rule the wire, the server and the contract tests rely on.

Rules of all methods
- A database that does not exist: `NotFound("Database does not exist.")`, unless stated otherwise.
- A `seq` is opaque text. `"0"` is the beginning, `"now"` the end; a seq of a former database of
  the same name, or one this engine never gave, counts as `"0"`, so nothing is skipped.
- A revision id that is not `<generation>-<hash>`: `BadRequest`.
- Tombstones: a deletion is a revision like any other. A document whose winner is a tombstone
  reads as `NotFound("deleted")` without a rev, and as a `Document(deleted=True)` when its rev is
  named. It stays in `changes` and in `leaves`; its id can be written again without a parent,
  which continues the winner's branch.
- Winner: not deleted before deleted, then higher generation, then higher hash (as text).
- Acknowledged means durable: `write`, `local_*`, `create`, `delete`, `purge` return after the
  commit reached the disk, attachments included. `Unavailable` means that nothing of that call's
  item was kept.
- Methods may be called at the same time; calls of one task take effect in their order.
"""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Literal, Protocol

from sync.model import (
    Attachment,
    Body,
    ChangesPage,
    DatabaseInfo,
    Document,
    DocumentRow,
    Edit,
    Leaf,
    LocalDocument,
    Missing,
    Revision,
    RevisionInfo,
    RevsDiff,
    UpdatesPage,
    WriteResult,
)

Style = Literal["main_only", "all_docs"]


class Engine(Protocol):
    """Logical databases of documents with revision trees."""

    # databases

    async def create(self, db: str) -> bool:
        """True when made, False when it was there. `IllegalDatabaseName`."""

    async def delete(self, db: str) -> None:
        """Removes the database, its documents, attachments and local documents."""

    async def exists(self, db: str) -> bool: ...

    async def info(self, db: str) -> DatabaseInfo: ...

    async def databases(self, start: str = "", limit: int = 1000) -> list[str]:
        """Names ≥ `start` in order, at most `limit`."""

    async def updates(self, since: str = "0", seconds: float = 0) -> UpdatesPage:
        """Each database that was made, changed or deleted after `since` once, at its latest;
        waits up to `seconds` for a first. A seq that is not known any more, and "0", give every
        database there is as `updated`."""

    async def security(self, db: str) -> Body:
        """The `_security` object. The engine keeps it; who may do what is the gate's to say."""

    async def set_security(self, db: str, security: Body) -> None: ...

    async def revs_limit(self, db: str) -> int:
        """Generations kept a branch; 1000 in a new database."""

    async def set_revs_limit(self, db: str, limit: int) -> None:
        """Holds for what is written from now on. `BadRequest` below 1."""

    # reading

    async def get(self, db: str, doc_id: str, rev: Revision | None = None) -> Document:
        """The winner, or the named revision. `NotFound`: `missing` (never seen, or compacted),
        `deleted`."""

    async def leaves(self, db: str, doc_id: str) -> list[Leaf]:
        """All leaves, winner first. `NotFound("missing")`."""

    async def open_revs(
        self, db: str, doc_id: str, revs: Sequence[Revision] | None, latest: bool = False
    ) -> list[Document | Missing]:
        """The named revisions (None: every leaf). `latest`: a revision that has descendants is
        answered by its leaves. An unknown document gives `Missing` for each named revision and,
        for None, `NotFound`."""

    async def history(self, db: str, doc_id: str, rev: Revision) -> list[RevisionInfo]:
        """The path from `rev` to its oldest known ancestor with each one's status."""

    async def revs_diff(
        self, db: str, revs: Mapping[str, Sequence[Revision]]
    ) -> dict[str, RevsDiff]:
        """What is not known here, by document id; documents with nothing missing are left out.
        `possible_ancestors`: leaves of a lower generation than the highest missing one."""

    async def all_docs(
        self,
        db: str,
        *,
        start: str | None = None,
        end: str | None = None,
        inclusive_end: bool = True,
        limit: int = 1000,
        skip: int = 0,
        descending: bool = False,
    ) -> list[DocumentRow]:
        """Documents whose winner is no tombstone, by id (code point order), between `start` and
        `end` in the direction of travel."""

    async def rows(self, db: str, ids: Sequence[str]) -> list[DocumentRow | None]:
        """The rows of these ids in their order, tombstones included; None for an unknown one."""

    async def attachment(
        self, db: str, doc_id: str, name: str, rev: Revision | None = None
    ) -> tuple[Attachment, AsyncIterator[bytes]]:
        """An attachment of the winner or of `rev`, its bytes in pieces as they are kept (see
        `Attachment.encoding`). `NotFound`."""

    # writing

    async def write(
        self, db: str, edits: Sequence[Edit], *, new_edits: bool = True
    ) -> list[WriteResult]:
        """One result per edit, in order; a refused edit does not disturb the others.

        new_edits=True: the engine makes the revision id, CouchDB's (`sync.revision_id`: equal
        edits of equal parents give equal ids). `Conflict` when the parent is no leaf, when there
        is none and the document lives, and when there is one and the document is deleted.
        new_edits=False (replication): the revisions are taken as they are, merged in any order;
        what is known already is an ok and changes nothing of the document (a store may list it
        in `changes` once more); a body that was missing is kept. No conflicts.
        Both: `MissingStub` (a stub whose attachment the parent, or with new_edits=False no stored
        ancestor, has), `DigestMismatch`, `IllegalDocumentId`, `BadRequest` (bad revision). Trees
        keep at most `revs_limit` generations a branch."""

    async def purge(
        self, db: str, revs: Mapping[str, Sequence[Revision]]
    ) -> dict[str, list[Revision]]:
        """Forgets these leaves as if they never were, with the ancestors that no other leaf has,
        their bodies and attachments. Returns what was purged; what is no leaf or unknown is left
        out."""

    async def compact(self, db: str) -> None:
        """Drops the bodies of revisions that are no leaves, and attachments nothing names any
        more."""

    # following

    async def changes(
        self,
        db: str,
        since: str = "0",
        *,
        limit: int = 1000,
        style: Style = "main_only",
        descending: bool = False,
        include_docs: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> ChangesPage:
        """Each changed document once, at its latest change, after `since` (descending: from the
        end back to the beginning, `since` does not count). `last_seq` is where to go on;
        `pending` counts what comes after this page (`limit` may be 0, to know only that). The
        engine may give fewer than `limit`; an empty page with `pending == 0` is the end."""

    async def wait(self, db: str, since: str, seconds: float | None = None) -> bool:
        """True as soon as the database has a change after `since`, False after `seconds`.
        `NotFound` also when the database is deleted meanwhile. Never wakes before the commit."""

    # local documents (checkpoints); ids without the `_local/` in front

    async def local_ids(self, db: str) -> list[str]: ...

    async def local_get(self, db: str, doc_id: str) -> LocalDocument:
        """`NotFound("missing")`."""

    async def local_put(
        self, db: str, doc_id: str, body: Body, rev: Revision | None = None
    ) -> Revision:
        """The last write wins, as in CouchDB; `rev` only gives the next number `0-<n+1>`. Returns
        it."""

    async def local_delete(self, db: str, doc_id: str) -> None:
        """`NotFound("missing")`."""

    async def close(self) -> None:
        """Finishes what was accepted and lets go of the store. Later calls: `Unavailable`."""


async def put(
    engine: Engine,
    db: str,
    doc_id: str,
    body: Body,
    rev: Revision | None = None,
    *,
    deleted: bool = False,
) -> Revision:
    """Writes one document and returns its new revision, or raises the error it was refused with."""
    edit = Edit(doc_id, body, (rev,) if rev else (), deleted)
    (result,) = await engine.write(db, [edit])
    if result.failure is not None or result.rev is None:
        raise result.failure or AssertionError("an edit without error has a revision")
    return result.rev


async def read_attachment(
    engine: Engine, db: str, doc_id: str, name: str, rev: Revision | None = None
) -> tuple[Attachment, bytes]:
    """The whole attachment in memory, unzipped where it is kept zipped."""
    attachment, pieces = await engine.attachment(db, doc_id, name, rev)
    data = b"".join([piece async for piece in pieces])
    return attachment, gzip.decompress(data) if attachment.encoding else data
