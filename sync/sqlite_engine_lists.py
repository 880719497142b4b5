"""Reading many documents: `_all_docs` and the changes feed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import orjson

from sync.engine import Style
from sync.model import Change, ChangesPage, Document, DocumentRow
from sync.sqlite_engine_read import Database, Reader

ChangedRow = tuple[int, str, int, bytes]
"""seq, id, deleted, leaves."""


def rows(reader: Reader, db: int, ids: Sequence[str]) -> list[DocumentRow | None]:
    sql = "SELECT id, leaves->>0, deleted FROM docs WHERE db=? AND id=?"
    found = (reader.row(sql, db, doc_id) for doc_id in ids)
    return [DocumentRow(row[0], row[1], bool(row[2])) if row else None for row in found]


def all_docs(
    reader: Reader,
    db: int,
    start: str | None,
    end: str | None,
    inclusive_end: bool,
    limit: int,
    skip: int,
    descending: bool,
) -> list[DocumentRow]:
    low, high = (end, start) if descending else (start, end)
    low_is = ">=" if inclusive_end or not descending else ">"
    high_is = "<=" if inclusive_end or descending else "<"
    where = "db=?1 AND NOT deleted"
    where += f" AND id{low_is}?2" if low is not None else ""
    where += f" AND id{high_is}?3" if high is not None else ""
    order = "DESC" if descending else "ASC"
    sql = f"SELECT id, leaves->>0 FROM docs WHERE {where} "  # noqa: S608 (operators only)
    sql += f"ORDER BY id {order} LIMIT ?4 OFFSET ?5"
    found = reader.rows(sql, db, low, high, limit, skip)
    return [DocumentRow(doc_id, rev) for doc_id, rev in found]


def changes(
    reader: Reader,
    name: str,
    since: str,
    limit: int,
    style: Style,
    descending: bool,
    include_docs: bool,
    doc_ids: Collection[str] | None,
) -> ChangesPage:
    reader.connection.execute("BEGIN")  # one snapshot: each winner's body is there
    try:
        db = reader.database(name)
        after = 0 if descending else db.read_seq(since)
        found = _changed(reader, db, after, limit, descending, doc_ids)
        results = tuple(_change(reader, db, row, style, include_docs) for row in found)
        if descending:
            last = found[-1][0] if found else db.seq
            pending = 0 if len(found) < limit else _count(reader, db, "<", last + (not found))
            return ChangesPage(results, db.write_seq(last), pending)
        if len(found) < limit:
            return ChangesPage(results, db.write_seq(db.seq), 0)
        last = found[-1][0] if found else after
        return ChangesPage(results, db.write_seq(last), _count(reader, db, ">", last))
    finally:
        reader.connection.execute("COMMIT")


def _count(reader: Reader, db: Database, than: str, seq: int) -> int:
    sql = f"SELECT count(*) FROM docs WHERE db=? AND seq{than}?"  # noqa: S608 (our own operators)
    ((count,),) = reader.rows(sql, db.k, seq)
    return int(count)


def _changed(
    reader: Reader,
    db: Database,
    after: int,
    limit: int,
    descending: bool,
    doc_ids: Collection[str] | None,
) -> list[ChangedRow]:
    columns = "SELECT seq, id, deleted, leaves FROM docs WHERE db=?"
    if doc_ids is None:
        sql = f"{columns} AND seq>? ORDER BY seq {'DESC' if descending else 'ASC'} LIMIT ?"
        return [(a, b, c, d) for a, b, c, d in reader.rows(sql, db.k, after, limit)]
    sql = f"{columns} AND id=? AND seq>?"
    one_by_one = (reader.row(sql, db.k, doc_id, after) for doc_id in set(doc_ids))
    found = [(row[0], row[1], row[2], row[3]) for row in one_by_one if row is not None]
    return sorted(found, reverse=descending)[:limit]


def _change(
    reader: Reader, db: Database, row: ChangedRow, style: Style, include_docs: bool
) -> Change:
    seq, doc_id, deleted, leaves = row
    revs = orjson.loads(leaves)
    doc = None
    if include_docs:
        found = reader.revision(db.k, doc_id, reader.tree(db.k, doc_id), revs[0])
        doc = found if isinstance(found, Document) else None
    shown = tuple(revs) if style == "all_docs" else (revs[0],)
    return Change(db.write_seq(seq), doc_id, shown, bool(deleted), doc)
