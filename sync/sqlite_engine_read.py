"""Reading documents: 10 to 20 µs a look-up, so it runs where it is called. A connection a
thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import apsw
import orjson

from sync.model import (
    NO_DATABASE,
    Attachment,
    Document,
    LocalDocument,
    Missing,
    NotFound,
    Revision,
    RevisionInfo,
    RevsDiff,
    Unavailable,
)
from sync.revtree import RevTree, check_revision, generation
from sync.sqlite_engine_schema import Row, connect, row, rows
from sync.sqlite_engine_write import unpack


class Database(NamedTuple):
    """A row of `dbs`."""

    k: int
    name: str
    uuid: str
    seq: int
    purges: int
    live: int
    dead: int
    bytes: int

    def write_seq(self, number: int) -> str:
        return f"{number}-{self.uuid[:12]}"

    def read_seq(self, seq: str) -> int:
        """The number behind an opaque seq; 0 for one that this database has not given."""
        if seq == "now":
            return self.seq
        number, _, uuid = seq.partition("-")
        if uuid != self.uuid[:12] or not (number.isascii() and number.isdigit()):
            return 0
        return int(number) if len(number) <= 18 and int(number) <= self.seq else 0


_COLUMNS = ", ".join(Database._fields)


class Reader:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = threading.local()
        self._all: list[apsw.Connection] = []
        self._lock = threading.Lock()
        self._closed = False
        self._keys: dict[str, int] = {}

    @property
    def connection(self) -> apsw.Connection:
        if self._closed:
            raise Unavailable("The store is closed.")
        found: apsw.Connection | None = getattr(self._mine, "connection", None)
        if found is None:
            found = self._mine.connection = connect(self._path, readonly=True)
            with self._lock:
                self._all.append(found)
        return found

    def close(self) -> None:
        self._closed = True
        with self._lock:
            for connection in self._all:
                connection.close()

    def row(self, sql: str, *values: Any) -> Row | None:
        return row(self.connection, sql, values)

    def rows(self, sql: str, *values: Any) -> list[Row]:
        return rows(self.connection, sql, values)

    # databases

    def find(self, name: str) -> Database | None:
        found = self.row(f"SELECT {_COLUMNS} FROM dbs WHERE name=?", name)  # noqa: S608 (our own)
        return Database(*found) if found else None

    def database(self, name: str) -> Database:
        found = self.find(name)
        if found is None:
            raise NotFound(NO_DATABASE)
        return found

    def key(self, name: str) -> int:
        """The database's key. Remembered: it stays for the database's life."""
        found = self._keys.get(name)
        if found is None:
            found = self._keys[name] = self.database(name).k
        return found

    def forget(self, name: str) -> None:
        """The database of this name is made or deleted."""
        self._keys.pop(name, None)

    def security(self, db: int) -> bytes | None:
        found = self.row("SELECT security FROM dbs WHERE k=?", db)
        return found[0] if found else None

    def revs_limit(self, db: int) -> int:
        found = self.row("SELECT revs_limit FROM dbs WHERE k=?", db)
        if found is None:
            raise NotFound(NO_DATABASE)
        return int(found[0])

    def names(self, start: str, limit: int) -> list[str]:
        sql = "SELECT name FROM dbs WHERE name>=? ORDER BY name LIMIT ?"
        return [name for (name,) in self.rows(sql, start, limit)]

    # documents

    def find_tree(self, db: int, doc_id: str) -> RevTree | None:
        found = self.row("SELECT tree FROM docs WHERE db=? AND id=?", db, doc_id)
        return RevTree.load(found[0]) if found else None

    def tree(self, db: int, doc_id: str) -> RevTree:
        """`NotFound("missing")`."""
        found = self.find_tree(db, doc_id)
        if found is None:
            raise NotFound("missing")
        return found

    def revision(self, db: int, doc_id: str, tree: RevTree, rev: Revision) -> Document | Missing:
        found = self.row(
            "SELECT body, deleted, atts FROM revs WHERE db=? AND id=? AND rev=?", db, doc_id, rev
        )
        if found is None or rev not in tree:
            return Missing(rev)
        body, deleted, atts = found
        path = tuple(tree.path(rev))
        return Document(doc_id, rev, body, bool(deleted), tuple(unpack(atts)), path)

    def document(self, db: int, doc_id: str, rev: Revision | None) -> Document:
        def look() -> list[Document | Missing]:
            tree = self.tree(db, doc_id)
            wanted = rev
            if wanted is None:
                winner = tree.leaves()[0]
                if winner.deleted:
                    raise NotFound("deleted")
                wanted = winner.rev
            return [self.revision(db, doc_id, tree, check_revision(wanted))]

        (found,) = self._whole(look)
        if isinstance(found, Missing):
            raise NotFound("missing")
        return found

    def _whole(self, look: Callable[[], list[Document | Missing]]) -> list[Document | Missing]:
        """What `look` finds. Where a body is missing it looks again in one snapshot: tree and body
        may have been read before and after a purge or a compaction."""
        found = look()
        if not any(isinstance(each, Missing) for each in found):
            return found
        self.connection.execute("BEGIN")
        try:
            return look()
        finally:
            self.connection.execute("COMMIT")

    def open_revs(
        self, db: int, doc_id: str, revs: Sequence[Revision] | None, latest: bool
    ) -> list[Document | Missing]:
        def look() -> list[Document | Missing]:
            tree = self.find_tree(db, doc_id)
            if tree is None and revs is None:
                raise NotFound("missing")
            tree = tree or RevTree()
            wanted = [leaf.rev for leaf in tree.leaves()] if revs is None else list(revs)
            if latest:
                wanted = _latest(tree, wanted)
            return [self.revision(db, doc_id, tree, rev) for rev in wanted]

        for rev in revs or ():
            check_revision(rev)
        return self._whole(look)

    def history(self, db: int, doc_id: str, rev: Revision) -> list[RevisionInfo]:
        tree = self.tree(db, doc_id)
        if rev not in tree:
            raise NotFound("missing")
        sql = "SELECT rev, deleted FROM revs WHERE db=? AND id=?"
        stored = {
            stored_rev: "deleted" if deleted else "available"
            for stored_rev, deleted in self.rows(sql, db, doc_id)
        }
        return [RevisionInfo(each, stored.get(each, "missing")) for each in tree.path(rev)]

    def revs_diff(self, db: int, revs: Mapping[str, Sequence[Revision]]) -> dict[str, RevsDiff]:
        found = {}
        for doc_id, asked in revs.items():
            tree = self.find_tree(db, doc_id) or RevTree()
            missing = [rev for rev in dict.fromkeys(asked) if check_revision(rev) not in tree]
            if missing:
                highest = max(generation(rev) for rev in missing)
                ancestors = [x.rev for x in tree.leaves() if generation(x.rev) < highest]
                found[doc_id] = RevsDiff(tuple(missing), tuple(ancestors))
        return found

    def attachment(self, db: int, doc_id: str, name: str, rev: Revision | None) -> Attachment:
        for attachment in self.document(db, doc_id, rev).attachments:
            if attachment.name == name:
                return attachment
        raise NotFound("Document is missing attachment")

    def has_attachment(self, db: int, sha256: str) -> bool:
        return self.row("SELECT 1 FROM atts WHERE db=? AND sha256=?", db, sha256) is not None

    def local_ids(self, db: int) -> list[str]:
        return [i for (i,) in self.rows("SELECT id FROM local WHERE db=? ORDER BY id", db)]

    def local(self, db: int, doc_id: str) -> LocalDocument:
        found = self.row("SELECT rev, body FROM local WHERE db=? AND id=?", db, doc_id)
        if found is None:
            raise NotFound("missing")
        return LocalDocument(doc_id, f"0-{found[0]}", orjson.loads(found[1]))


def _latest(tree: RevTree, revs: Sequence[Revision]) -> list[Revision]:
    newest = (
        [leaf.rev for leaf in tree.descendants(rev)] if rev in tree else [rev] for rev in revs
    )
    return list(dict.fromkeys(rev for found in newest for rev in found))
