"""What one edit does inside its savepoint. Blocking; runs on the writer thread."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence

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
from sync.revtree import RevTree, check_path, check_revision, generation
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
    path = _next_path(tree, edit, body) if new_edits else list(edit.revs)
    check_path(path)
    merged = tree.merge(path, edit.deleted).stem()
    rev = path[0]
    if rev in tree:
        if merged != tree:  # it told us older ancestors
            tx.run("UPDATE docs SET tree=? WHERE db=? AND id=?", merged.dump(), db, edit.id)
        return rev
    attachments = _resolve(tx, db, edit, path)
    added = _refer(tx, db, attachments, stored) + len(body)
    tx.run(
        "INSERT INTO revs(db, id, rev, deleted, body, atts) VALUES(?,?,?,?,?,?)",
        *(db, edit.id, rev, edit.deleted, body, _pack(attachments)),
    )
    save_document(tx, db, edit.id, tree, merged, added)
    return rev


def _next_path(tree: RevTree, edit: Edit, body: bytes) -> list[Revision]:
    """The path of an interactive edit. The hash is of the content: a repetition gives the same."""
    leaves = tree.leaves()
    parent = check_revision(edit.revs[0]) if edit.revs else None
    if parent is None and leaves:
        if not leaves[0].deleted:
            raise Conflict
        parent = leaves[0].rev
    if parent is not None and all(leaf.rev != parent for leaf in leaves):
        raise Conflict
    attachments = sorted(
        (name, *((a.content_type, a.sha256) if isinstance(a, NewAttachment) else ("", "")))
        for name, a in edit.attachments.items()
    )
    digest = hashlib.md5(orjson.dumps([parent, edit.deleted, attachments]), usedforsecurity=False)
    digest.update(body)
    number = generation(parent) + 1 if parent else 1
    return [f"{number}-{digest.hexdigest()}", *(tree.path(parent) if parent else [])]


def _resolve(tx: Transaction, db: int, edit: Edit, path: Sequence[Revision]) -> list[Attachment]:
    found = []
    for name, given in edit.attachments.items():
        if isinstance(given, Stub):
            found.append(_inherited(tx, db, edit.id, name, given, path[1:]))
            continue
        revpos = given.revpos or generation(path[0])
        found.append(
            Attachment(name, given.content_type, given.length, given.md5, revpos, given.sha256)
        )
    return found


def _inherited(
    tx: Transaction, db: int, doc_id: str, name: str, stub: Stub, ancestors: Sequence[Revision]
) -> Attachment:
    """The attachment of the nearest stored ancestor, else of any stored revision with the
    digest."""
    sql = "SELECT rev, atts FROM revs WHERE db=? AND id=? AND atts IS NOT NULL"
    stored = {rev: {a.name: a for a in unpack(atts)} for rev, atts in tx.rows(sql, db, doc_id)}
    for rev in (*ancestors, *stored):
        attachment = stored.get(rev, {}).get(name)
        if attachment is None or stub.digest not in (None, attachment.digest):
            continue
        if stub.digest is not None or rev in ancestors:
            return attachment
    raise MissingStub(f"No stored revision of {doc_id!r} has the attachment {name!r}.")


def _refer(
    tx: Transaction, db: int, attachments: Sequence[Attachment], stored: Collection[str]
) -> int:
    """Counts one reference for each file. Returns the bytes that are new to the database."""
    added = 0
    known = "UPDATE atts SET refs=refs+1 WHERE db=? AND sha256=?"
    for sha256, length in {a.sha256: a.length for a in attachments}.items():
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
    return orjson.dumps(
        [[a.name, a.content_type, a.length, a.digest, a.revpos, a.sha256] for a in attachments]
    )


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
