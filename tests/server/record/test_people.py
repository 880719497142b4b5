"""What must happen once, on both kinds of record: the database decides, not a look before."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from server.record import grants, people
from server.record.people import Account, Credential
from server.record.store import Record

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OWNER = "0" * 32


def with_accounts(record: Record) -> Record:
    for account_id in ("a" * 32, "b" * 32):
        account = Account(account_id, "citizen", None, None)
        record.now(partial(people.create_account, account=account, now=NOW))
    return record


def test_an_owner_is_new_once(record: Record) -> None:
    assert record.now(lambda conn: grants.create_owner(conn, OWNER, NOW))
    assert not record.now(lambda conn: grants.create_owner(conn, OWNER, NOW))


def test_an_owner_is_adopted_by_one_account(record: Record) -> None:
    with_accounts(record).now(lambda conn: grants.create_owner(conn, OWNER, NOW))
    assert record.now(lambda conn: people.adopt(conn, OWNER, "a" * 32))
    assert record.now(lambda conn: people.adopt(conn, OWNER, "a" * 32))
    assert not record.now(lambda conn: people.adopt(conn, OWNER, "b" * 32))


def test_a_passkey_is_registered_once(record: Record) -> None:
    def add(account: str) -> bool:
        made = Credential(b"id", account, b"key", 0)
        return record.now(lambda conn: people.add_credential(conn, made, NOW))

    with_accounts(record)
    assert add("a" * 32)
    assert not add("b" * 32)
