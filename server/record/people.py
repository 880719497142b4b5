"""Accounts, passkeys, ceremonies, sessions, invitations. Tokens arrive here hashed only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, or_, select, update

from server.record.people_tables import (
    accounts,
    ceremonies,
    credentials,
    invitations,
    owners,
    sessions,
)
from server.record.store import insert


@dataclass(frozen=True)
class Account:
    """One person in one role. `point` is the intake point of a clerk, an id of
    intake_points.json."""

    id: str
    role: str
    name: str | None
    point: str | None


@dataclass(frozen=True)
class Credential:
    """A passkey: `public_key` is its COSE key, `sign_count` the last one seen."""

    id: bytes
    account: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class Ceremony:
    """A WebAuthn challenge that waits for its answer. `account` is the id a registration will
    make; `invitation` the hash of the invitation it will use up."""

    id: str
    challenge: bytes
    purpose: str
    role: str
    expires_at: datetime
    account: str | None = None
    name: str | None = None
    invitation: str | None = None


@dataclass(frozen=True)
class Session:
    account: Account
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Invitation:
    """`by`: who made it, as the journal writes an actor."""

    hash: str
    role: str
    point: str | None
    name: str | None
    expires_at: datetime
    by: str
    used_at: datetime | None = None


def create_account(conn: Connection, account: Account, now: datetime) -> None:
    conn.execute(
        accounts.insert().values(
            id=account.id,
            role=account.role,
            name=account.name,
            point=account.point,
            created_at=now,
        )
    )


def account(conn: Connection, account_id: str) -> Account | None:
    """An account that may sign in; None when unknown or disabled."""
    query = select(accounts).where(accounts.c.id == account_id, accounts.c.disabled_at.is_(None))
    row = conn.execute(query).mappings().first()
    return _account(row) if row else None


@dataclass(frozen=True)
class Staff:
    """`passkeys`: how many it has; with one it is lost when that is."""

    account: Account
    passkeys: int
    disabled_at: datetime | None


def staff(conn: Connection) -> list[Staff]:
    """Everybody but applicants, by role and name."""
    query = (
        select(accounts, func.count(credentials.c.id).label("passkeys"))
        .outerjoin(credentials, credentials.c.account == accounts.c.id)
        .where(accounts.c.role != "applicant")
        .group_by(accounts.c.id)
        .order_by(accounts.c.role, accounts.c.name, accounts.c.id)
    )
    rows = conn.execute(query).mappings()
    return [Staff(_account(row), row["passkeys"], row["disabled_at"]) for row in rows]


def disable(conn: Connection, account_id: str, at: datetime | None) -> bool:
    """From then on nobody signs in as it, and its sessions are over; None: they may again. False
    for an unknown account."""
    mine = update(accounts).where(accounts.c.id == account_id)
    conn.execute(delete(sessions).where(sessions.c.account == account_id))
    return conn.execute(mine.values(disabled_at=at)).rowcount == 1


def add_credential(conn: Connection, credential: Credential, now: datetime) -> bool:
    """False when this passkey is registered already, to whomever."""
    added = conn.execute(
        insert(conn, credentials)
        .values(
            id=credential.id,
            account=credential.account,
            public_key=credential.public_key,
            sign_count=credential.sign_count,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(credentials.c.id)
    )
    return added.first() is not None


def credential(conn: Connection, credential_id: bytes) -> Credential | None:
    query = select(credentials).where(credentials.c.id == credential_id)
    row = conn.execute(query).mappings().first()
    if row is None:
        return None
    return Credential(row["id"], row["account"], row["public_key"], row["sign_count"])


def credentials_of(conn: Connection, account_id: str) -> list[tuple[bytes, datetime]]:
    """(id, since when) of an account's passkeys, the oldest first."""
    query = select(credentials.c.id, credentials.c.created_at)
    mine = query.where(credentials.c.account == account_id).order_by(credentials.c.created_at)
    return [(row.id, row.created_at) for row in conn.execute(mine)]


def used_credential(conn: Connection, credential_id: bytes, sign_count: int) -> None:
    conn.execute(
        update(credentials).where(credentials.c.id == credential_id).values(sign_count=sign_count)
    )


def start_ceremony(conn: Connection, ceremony: Ceremony, now: datetime) -> None:
    """Keeps the challenge; forgets those that nobody answered in time."""
    conn.execute(delete(ceremonies).where(ceremonies.c.expires_at <= now))
    conn.execute(
        ceremonies.insert().values(
            id=ceremony.id,
            challenge=ceremony.challenge,
            purpose=ceremony.purpose,
            role=ceremony.role,
            account=ceremony.account,
            name=ceremony.name,
            invitation=ceremony.invitation,
            expires_at=ceremony.expires_at,
        )
    )


def take_ceremony(
    conn: Connection, ceremony_id: str, purpose: str, now: datetime
) -> Ceremony | None:
    """The waiting challenge, which this takes away: it can be answered once."""
    query = select(ceremonies).where(
        ceremonies.c.id == ceremony_id,
        ceremonies.c.purpose == purpose,
        ceremonies.c.expires_at > now,
    )
    row = conn.execute(query).mappings().first()
    if row is None:
        return None
    conn.execute(delete(ceremonies).where(ceremonies.c.id == ceremony_id))
    return Ceremony(**row)


def start_session(
    conn: Connection, token_hash: str, account: Account, now: datetime, expires_at: datetime
) -> None:
    conn.execute(delete(sessions).where(sessions.c.expires_at <= now))
    conn.execute(
        sessions.insert().values(
            hash=token_hash,
            account=account.id,
            role=account.role,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
        )
    )


def session(conn: Connection, token_hash: str) -> Session | None:
    """The session of a token, expired or not, unless its account was disabled."""
    query = (
        select(
            *accounts.c["id", "role", "name", "point"],
            *sessions.c["created_at", "seen_at", "expires_at"],
        )
        .join_from(sessions, accounts)
        .where(sessions.c.hash == token_hash, accounts.c.disabled_at.is_(None))
    )
    row = conn.execute(query).mappings().first()
    if row is None:
        return None
    return Session(_account(row), row["created_at"], row["seen_at"], row["expires_at"])


def seen_session(conn: Connection, token_hash: str, now: datetime) -> None:
    conn.execute(update(sessions).where(sessions.c.hash == token_hash).values(seen_at=now))


def end_session(conn: Connection, token_hash: str) -> None:
    conn.execute(delete(sessions).where(sessions.c.hash == token_hash))


def end_other_sessions(conn: Connection, account: str, kept: str) -> None:
    """All of an account's but the one whose token's hash is `kept`."""
    conn.execute(delete(sessions).where(sessions.c.account == account, sessions.c.hash != kept))


def invite(conn: Connection, invitation: Invitation) -> None:
    conn.execute(
        invitations.insert().values(
            hash=invitation.hash,
            role=invitation.role,
            point=invitation.point,
            name=invitation.name,
            expires_at=invitation.expires_at,
            by=invitation.by,
        )
    )


def invitation(conn: Connection, token_hash: str, now: datetime) -> Invitation | None:
    """An invitation that can still be used."""
    row = conn.execute(_open_invitation(token_hash, now)).mappings().first()
    return Invitation(**row) if row else None


def use_invitation(conn: Connection, token_hash: str, now: datetime) -> bool:
    """False when it was used or ran out meanwhile: only one caller ever gets True."""
    used = conn.execute(
        update(invitations)
        .where(
            invitations.c.hash == token_hash,
            invitations.c.used_at.is_(None),
            invitations.c.expires_at > now,
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


def account_of(conn: Connection, owner: str) -> str | None:
    """The account that adopted an owner's database, if any did."""
    return conn.execute(select(owners.c.account).where(owners.c.owner == owner)).scalar()


def owners_of(conn: Connection, account_id: str) -> list[str]:
    return list(
        conn.execute(select(owners.c.owner).where(owners.c.account == account_id)).scalars()
    )


def adopt(conn: Connection, owner: str, account_id: str) -> bool:
    """Binds an owner to an account. False when it belongs to another one."""
    adopted = conn.execute(
        update(owners)
        .where(
            owners.c.owner == owner,
            or_(owners.c.account.is_(None), owners.c.account == account_id),
        )
        .values(account=account_id)
    )
    return adopted.rowcount == 1


def _open_invitation(token_hash: str, now: datetime) -> Select[Any]:
    return select(invitations).where(
        invitations.c.hash == token_hash,
        invitations.c.used_at.is_(None),
        invitations.c.expires_at > now,
    )


def _account(row: RowMapping) -> Account:
    return Account(row["id"], row["role"], row["name"], row["point"])
