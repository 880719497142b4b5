"""Making databases, their settings, `_local` documents. Blocking; runs on the writer thread."""

from __future__ import annotations

from sync.model import NO_DATABASE, NotFound, Revision
from sync.sqlite_engine_writer import Transaction


def create_database(tx: Transaction, name: str, uuid: str) -> bool:
    sql = "INSERT INTO dbs(name, uuid) VALUES(?,?) ON CONFLICT DO NOTHING"
    return tx.run(sql, name, uuid) == 1


def put_security(tx: Transaction, db: int, text: bytes) -> None:
    if not tx.run("UPDATE dbs SET security=? WHERE k=?", text, db):
        raise NotFound(NO_DATABASE)


def put_revs_limit(tx: Transaction, db: int, limit: int) -> None:
    if not tx.run("UPDATE dbs SET revs_limit=? WHERE k=?", limit, db):
        raise NotFound(NO_DATABASE)


def put_local(tx: Transaction, db: int, doc_id: str, body: bytes, number: int) -> Revision:
    old = tx.row("SELECT length(body) FROM local WHERE db=? AND id=?", db, doc_id)
    grown = len(body) - (old[0] if old else 0)
    if not tx.run("UPDATE dbs SET bytes=bytes+? WHERE k=?", grown, db):
        raise NotFound(NO_DATABASE)
    tx.run(
        "INSERT INTO local VALUES(?,?,?,?) ON CONFLICT DO UPDATE "
        "SET rev=excluded.rev, body=excluded.body",
        *(db, doc_id, number, body),
    )
    return f"0-{number}"


def delete_local(tx: Transaction, db: int, doc_id: str) -> None:
    sql = "DELETE FROM local WHERE db=? AND id=? RETURNING length(body)"
    gone = tx.row(sql, db, doc_id)
    if gone is None:
        raise NotFound("missing")
    tx.run("UPDATE dbs SET bytes=bytes-? WHERE k=?", gone[0], db)
