"""Whom an account was proven to be by an identity provider, and the attempts under way.

Subjects and citizen numbers arrive here as keyed hashes, attempts' secrets as SHA-256.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update

from server.record.people_tables import identity_attempts as attempts
from server.record.people_tables import identity_links as links
from server.record.people_tables import owners
from server.record.store import insert

NUMBER = "identity"
"""The purpose under which a citizen's number is hashed."""


@dataclass(frozen=True)
class Link:
    account: str
    issuer: str
    subject: str
    number: str
    linked_at: datetime


def begin(conn: Connection, hashed: str, account: str, now: datetime, until: datetime) -> None:
    """One attempt; those that are over go."""
    conn.execute(delete(attempts).where(attempts.c.expires_at <= now))
    conn.execute(attempts.insert().values(hash=hashed, account=account, expires_at=until))


def answered(conn: Connection, hashed: str, code: str, now: datetime) -> bool:
    """Keeps the provider's code. False when the attempt is over or was answered before."""
    waits = attempts.c.hash == hashed, attempts.c.code.is_(None), attempts.c.expires_at > now
    return conn.execute(update(attempts).where(*waits).values(code=code)).rowcount == 1


def drop(conn: Connection, hashed: str) -> None:
    conn.execute(delete(attempts).where(attempts.c.hash == hashed))


def take(conn: Connection, hashed: str, account: str, now: datetime) -> str | None:
    """The code of an attempt of this account, once; None when there is none, or not in time."""
    mine = attempts.c.hash == hashed, attempts.c.account == account
    row = conn.execute(select(attempts).where(*mine)).mappings().first()
    if row is None or conn.execute(delete(attempts).where(*mine)).rowcount != 1:
        return None
    return str(row["code"]) if row["code"] and row["expires_at"] > now else None


def link_of(conn: Connection, account: str) -> Link | None:
    return _link(conn.execute(select(links).where(links.c.account == account)).mappings().first())


def link_to(conn: Connection, issuer: str, subject: str) -> Link | None:
    """The account's link that this person has, if any."""
    who = links.c.issuer == issuer, links.c.subject == subject
    return _link(conn.execute(select(links).where(*who)).mappings().first())


def keep(conn: Connection, link: Link) -> bool:
    """In place of the account's link before it. False when another account has just linked this
    person; the caller's transaction is then to be given up."""
    unlink(conn, link.account)
    added = insert(conn, links).values(**asdict(link)).on_conflict_do_nothing()
    return conn.execute(added).rowcount == 1


def unlink(conn: Connection, account: str) -> bool:
    """False when there was nothing."""
    return conn.execute(delete(links).where(links.c.account == account)).rowcount == 1


def number_of_owner(conn: Connection, owner: str) -> str | None:
    """The hash of the citizen's number that the owner's account is linked to."""
    query = select(links.c.number).join(owners, owners.c.account == links.c.account)
    return conn.execute(query.where(owners.c.owner == owner)).scalar()


def _link(row: RowMapping | None) -> Link | None:
    return Link(**row) if row else None
