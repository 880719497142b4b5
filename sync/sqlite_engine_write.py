"""What one edit does inside its savepoint. Blocking; runs on the writer thread."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping, Sequence

import orjson

from sync.model import (
    NO_DATABASE,
    Attachment,
    Conflict,
    Edit,
    MissingStub,
    NewAttachment,
    NotFound,
    Revision,
    Stub,
)
from sync.revision_id import next_revision
from sync.revtree import RevTree, check_revision, generation
from sync.sqlite_engine_writer import Transaction


class FileGone(Exception):
    """The attachment's last reference went between look-up and write: store the file again."""


def load_tree(tx: Transaction, db: int, doc_id: str) -> RevTree:
    found = tx.row("SELECT tree FROM docs WHERE db=? AND id=?", db, doc_id)
    return RevTree.load(found[0]) if found else RevTree()


def write_edit(
    tx: Transaction, db: int, edit: Edit, body: bytes, new_edits: bool, stored: Collection[str]
) -> Revision:
    """Merges one edit, `body` being its JSON. `stored`: SHA-256 of the files this write has
    made."""
    tree = load_tree(tx, db, edit.id)
    if new_edits:
        ancestors = _ancestors(tree, edit)
        attachments = _attachments(tx, db, edit, ancestors, new_edits)
        path = [_next(edit, ancestors, attachments), *ancestors]
    else:
        path = list(edit.revs)
    rev = path[0]
    merged = tree.merge(path, edit.deleted).stem(_revs_limit(tx, db))
    if rev in tree:
        if merged != tree:  # it told us older ancestors
            tx.run("UPDATE docs SET tree=? WHERE db=? AND id=?", merged.dump(), db, edit.id)
        if tx.row("SELECT 1 FROM revs WHERE db=? AND id=? AND rev=?", db, edit.id, rev):
            return rev
    if not new_edits:
        attachments = _attachments(tx, db, edit, path[1:], new_edits)
    added = _refer(tx, db, attachments, stored) + len(body)
    tx.run(
        "INSERT INTO revs(db, id, rev, deleted, body, atts) VALUES(?,?,?,?,?,?)",
        *(db, edit.id, rev, edit.deleted, body, _pack(attachments)),
    )
    if rev in tree:  # an ancestor whose body was missing: nothing that a reader of changes misses
        tx.run("UPDATE dbs SET bytes=bytes+? WHERE k=?", added, db)
    else:
        save_document(tx, db, edit.id, tree, merged, added)
    return rev


def _revs_limit(tx: Transaction, db: int) -> int:
    found = tx.row("SELECT revs_limit FROM dbs WHERE k=?", db)
    if found is None:
        raise NotFound(NO_DATABASE)
    return int(found[0])


def _ancestors(tree: RevTree, edit: Edit) -> list[Revision]:
    """The path that an edit of somebody's own continues, newest first."""
    leaves = tree.leaves()
    parent = check_revision(edit.revs[0]) if edit.revs else None
    gone = not leaves or leaves[0].deleted
    if parent is None:
        if not gone:
            raise Conflict
        return tree.path(leaves[0].rev) if leaves else []
    if gone or all(leaf.rev != parent for leaf in leaves):
        raise Conflict
    return tree.path(parent)


def _next(edit: Edit, ancestors: Sequence[Revision], attachments: Sequence[Attachment]) -> Revision:
    keys = [(a.name, a.content_type, _md5(a.digest)) for a in attachments]
    return next_revision(ancestors[0] if ancestors else None, edit.deleted, edit.body, keys)


def _md5(digest: str) -> bytes:
    return base64.b64decode(digest.removeprefix("md5-"))


def _attachments(
    tx: Transaction, db: int, edit: Edit, ancestors: Sequence[Revision], new_edits: bool
) -> list[Attachment]:
    """Those of the new revision. `ancestors` newest first; of a new edit only the parent counts."""
    if not edit.attachments:
        return []
    sql = "SELECT rev, atts FROM revs WHERE db=? AND id=? AND atts IS NOT NULL"
    rows = tx.rows(sql, db, edit.id)
    stored = {rev: {a.name: a for a in unpack(atts)} for rev, atts in rows}
    found = []
    for name, given in edit.attachments.items():
        if isinstance(given, NewAttachment):
            revpos = given.revpos or 0
            if new_edits:  # whatever the editor read and sent back
                revpos = generation(ancestors[0]) + 1 if ancestors else 1
            found.append(_made(name, given, revpos))
        elif new_edits:
            found.append(_of_parent(edit.id, name, given, stored.get((*ancestors, "")[0], {})))
        else:
            found.append(_inherited(edit.id, name, given, ancestors, stored))
    return found


def _made(name: str, given: NewAttachment, revpos: int) -> Attachment:
    encoded = (given.encoding, given.length) if given.encoding else ()
    return Attachment(
        name,
        given.content_type,
        given.content_length,
        given.md5,
        revpos,
        given.sha256,
        *encoded,
    )


def _of_parent(
    doc_id: str, name: str, stub: Stub, attachments: Mapping[str, Attachment]
) -> Attachment:
    attachment = attachments.get(name)
    if attachment is None or stub.revpos not in (None, attachment.revpos):
        raise MissingStub(f"Invalid attachment stub in {doc_id} for {name}")
    return attachment


def _inherited(
    doc_id: str,
    name: str,
    stub: Stub,
    ancestors: Sequence[Revision],
    stored: Mapping[Revision, Mapping[str, Attachment]],
) -> Attachment:
    """The attachment of the nearest stored ancestor, else of any stored revision with the
    digest."""
    for rev in (*ancestors, *stored):
        attachment = stored.get(rev, {}).get(name)
        if attachment is None or stub.digest not in (None, attachment.digest):
            continue
        if stub.digest is not None or rev in ancestors:
            return attachment
    raise MissingStub(f"Invalid attachment stub in {doc_id} for {name}")


def _refer(
    tx: Transaction, db: int, attachments: Sequence[Attachment], stored: Collection[str]
) -> int:
    """Counts one reference for each file. Returns the bytes that are new to the database."""
    added = 0
    known = "UPDATE atts SET refs=refs+1 WHERE db=? AND sha256=?"
    for sha256, length in {a.sha256: a.stored_length for a in attachments}.items():
        if tx.run(known, db, sha256):
            continue
        if sha256 not in stored:
            raise FileGone
        tx.run("INSERT INTO atts VALUES(?,?,?,1)", db, sha256, length)
        added += length
    return added


def release(tx: Transaction, db: int, packed: Iterable[bytes | None]) -> int:
    """Takes back the references of dropped revisions. Returns the bytes that went."""
    for atts in packed:
        for sha256 in {a.sha256 for a in unpack(atts)}:
            tx.run("UPDATE atts SET refs=refs-1 WHERE db=? AND sha256=?", db, sha256)
    gone = tx.rows("DELETE FROM atts WHERE db=? AND refs<=0 RETURNING sha256, length", db)
    tx.unlink += [(db, sha256) for sha256, _ in gone]
    return sum(length for _, length in gone)


def _pack(attachments: Sequence[Attachment]) -> bytes | None:
    if not attachments:
        return None
    return orjson.dumps([_fields(attachment) for attachment in attachments])


def _fields(a: Attachment) -> list[str | int]:
    fields: list[str | int] = [a.name, a.content_type, a.length, a.digest, a.revpos, a.sha256]
    return [*fields, a.encoding, a.encoded_length] if a.encoding else fields


def unpack(atts: bytes | None) -> list[Attachment]:
    return [Attachment(*fields) for fields in orjson.loads(atts)] if atts else []


def save_document(
    tx: Transaction, db: int, doc_id: str, before: RevTree, after: RevTree, added: int
) -> None:
    """The document at the next sequence number, the database's counts moved along."""
    leaves, old = after.leaves(), before.leaves()
    deleted = leaves[0].deleted
    live = (not deleted) - bool(old and not old[0].deleted)
    dead = deleted - bool(old and old[0].deleted)
    found = tx.row(
        "UPDATE dbs SET seq=seq+1, live=live+?, dead=dead+?, bytes=bytes+? WHERE k=? "
        "RETURNING seq, name",
        *(live, dead, added, db),
    )
    if found is None:
        raise NotFound(NO_DATABASE)
    seq, name = found
    revs = orjson.dumps([leaf.rev for leaf in leaves]).decode()
    tx.run(
        "INSERT INTO docs VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET "
        "seq=excluded.seq, deleted=excluded.deleted, leaves=excluded.leaves, tree=excluded.tree",
        *(db, doc_id, seq, deleted, revs, after.dump()),
    )
    tx.changed.add(name)
