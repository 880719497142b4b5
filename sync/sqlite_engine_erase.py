"""Forgetting: purge, compaction, deleting a database. Blocking; runs on the writer thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from sync.model import NO_DATABASE, NotFound, Revision
from sync.revtree import RevTree
from sync.sqlite_engine_schema import Row
from sync.sqlite_engine_write import load_tree, release, save_document
from sync.sqlite_engine_writer import Transaction


def purge(
    tx: Transaction, db: int, revs: Mapping[str, Sequence[Revision]]
) -> dict[str, list[Revision]]:
    purged: dict[str, list[Revision]] = {}
    for doc_id, asked in revs.items():
        tree = load_tree(tx, db, doc_id)
        rest, gone = tree.prune(asked)
        if gone:
            _forget(tx, db, doc_id, tree, rest)
            purged[doc_id] = gone
    if purged:
        tx.run("UPDATE dbs SET purges=purges+1 WHERE k=?", db)
    return purged


def _forget(tx: Transaction, db: int, doc_id: str, before: RevTree, rest: RevTree) -> None:
    lost = orjson.dumps([rev for rev in before.parents if rev not in rest]).decode()
    removed = _removed(
        tx,
        db,
        tx.rows(
            "DELETE FROM revs WHERE db=? AND id=? AND rev IN (SELECT value FROM json_each(?)) "
            "RETURNING length(body), atts",
            *(db, doc_id, lost),
        ),
    )
    if rest.parents:
        save_document(tx, db, doc_id, before, rest, -removed)
        return
    dead = before.leaves()[0].deleted
    tx.run("DELETE FROM docs WHERE db=? AND id=?", db, doc_id)
    tx.run(
        "UPDATE dbs SET live=live-?, dead=dead-?, bytes=bytes-? WHERE k=?",
        *(not dead, dead, removed, db),
    )


def compact(tx: Transaction, db: int) -> None:
    dropped = tx.rows(
        "DELETE FROM revs WHERE db=?1 AND NOT EXISTS (SELECT 1 FROM docs, json_each(docs.leaves) "
        "WHERE docs.db=?1 AND docs.id=revs.id AND json_each.value=revs.rev) "
        "RETURNING length(body), atts",
        db,
    )
    tx.run("UPDATE dbs SET bytes=bytes-? WHERE k=?", _removed(tx, db, dropped), db)


def _removed(tx: Transaction, db: int, dropped: Sequence[Row]) -> int:
    """Bytes that went with these revisions (body length, attachments)."""
    bodies: int = sum(length for length, _ in dropped)
    return bodies + release(tx, db, [atts for _, atts in dropped])


def delete_database(tx: Transaction, name: str) -> int:
    """Returns the key of what was deleted; its attachment folder is to go after the commit."""
    found = tx.row("DELETE FROM dbs WHERE name=? RETURNING k", name)
    if found is None:
        raise NotFound(NO_DATABASE)
    key = int(found[0])
    for table in ("docs", "revs", "atts", "local"):
        tx.run(f"DELETE FROM {table} WHERE db=?", key)  # noqa: S608 (our own four names)
    tx.changed.add(name)
    return key
