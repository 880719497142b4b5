"""Grants: which device may sync which owner's database. Only their SHA-256 is known here."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from server.record.people_tables import grants, owners
from server.record.store import insert


@dataclass(frozen=True)
class Grant:
    id: str
    owner: str
    device: str
    hash: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    lost_at: datetime | None = None
    kind: str | None = None
    """Browser and system, "chrome-android"; None of a grant made before it was noted."""

    def live(self, now: datetime) -> bool:
        return self.revoked_at is None and self.lost_at is None and self.expires_at > now


_BY_HASH = select(*(grants.c[each.name] for each in fields(Grant))).where(
    grants.c.hash == bindparam("hash")
)
_COUNT_BYTES = (
    update(owners)
    .where(owners.c.owner == bindparam("of"))
    .values(bytes_received=owners.c.bytes_received + bindparam("size"))
)


def create_owner(conn: Connection, owner: str, now: datetime) -> bool:
    """False when this owner was seen before."""
    row = insert(conn, owners).values(owner=owner, created_at=now).on_conflict_do_nothing()
    return conn.execute(row.returning(owners.c.owner)).first() is not None


def create(conn: Connection, grant: Grant) -> None:
    conn.execute(
        grants.insert().values(
            id=grant.id,
            owner=grant.owner,
            device=grant.device,
            hash=grant.hash,
            created_at=grant.created_at,
            seen_at=grant.seen_at,
            expires_at=grant.expires_at,
            kind=grant.kind,
        )
    )


def by_hash(conn: Connection, token_hash: str) -> Grant | None:
    row = conn.execute(_BY_HASH, {"hash": token_hash}).first()
    return Grant(*row) if row else None


def by_id(conn: Connection, grant_id: str) -> Grant | None:
    row = conn.execute(select(grants).where(grants.c.id == grant_id)).mappings().first()
    return _grant(row) if row else None


def of_owners(conn: Connection, owner_ids: list[str]) -> list[Grant]:
    """All grants of these owners, the latest used first."""
    query = select(grants).where(grants.c.owner.in_(owner_ids)).order_by(grants.c.seen_at.desc())
    return [_grant(row) for row in conn.execute(query).mappings()]


def active(conn: Connection, owner: str, since: datetime, now: datetime) -> bool:
    """A device that may still sync has done so since then."""
    good = grants.c.revoked_at.is_(None), grants.c.lost_at.is_(None), grants.c.expires_at > now
    query = select(grants.c.id).where(grants.c.owner == owner, grants.c.seen_at >= since, *good)
    return conn.execute(query).first() is not None


def device_lost(conn: Connection, owner: str, device: str) -> bool:
    """True once the owner marked this device as lost: it gets no new grant."""
    query = select(grants.c.id).where(
        grants.c.owner == owner, grants.c.device == device, grants.c.lost_at.is_not(None)
    )
    return conn.execute(query).first() is not None


def used(conn: Connection, grant_id: str, now: datetime, expires_at: datetime) -> None:
    conn.execute(
        update(grants).where(grants.c.id == grant_id).values(seen_at=now, expires_at=expires_at)
    )


def revoke(conn: Connection, grant_id: str, now: datetime, lost: bool) -> None:
    """Ends a grant; `lost` also marks its device as lost. What was marked before stays marked."""
    values = {"revoked_at": now} | ({"lost_at": now} if lost else {})
    for column, value in values.items():
        conn.execute(
            update(grants)
            .where(grants.c.id == grant_id, grants.c[column].is_(None))
            .values({column: value})
        )


def count_bytes(conn: Connection, owner: str, size: int) -> None:
    """Adds to what an owner has sent, for the quota before the first accepted submission."""
    conn.execute(_COUNT_BYTES, {"of": owner, "size": size})


def first_accepted(conn: Connection, owner: str, now: datetime) -> None:
    """An accepted submission lifts the owner's quota for good."""
    conn.execute(
        update(owners)
        .where(owners.c.owner == owner, owners.c.first_accepted_at.is_(None))
        .values(first_accepted_at=now)
    )


def _grant(row: RowMapping) -> Grant:
    return Grant(**row)
