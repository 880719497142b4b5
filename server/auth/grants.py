"""Grants: a device's right to sync one owner's database, held by the device as a bearer secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from server.auth.keys import DRAFT_LIFE
from server.auth.tokens import new_id, token_hash
from server.errors import Conflict, Forbidden, Message, NotFound
from server.ports import Clock
from server.record import grants, journal, people
from server.record.grants import Grant
from server.record.people import Account
from server.record.store import Connection, Record
from sync.model import Unauthorized

RENEWED_AFTER = timedelta(hours=1)
"""Use moves a grant's end at most once an hour: a sync writes nothing, and when a device was last
in contact is known to the hour."""

OWNER_KNOWN = Message(
    "Mã kho dữ liệu này đã đăng ký. Hãy đăng nhập để gửi tiếp; dữ liệu trên máy vẫn được giữ.",
    "This owner is registered already. Sign in to go on sending; nothing on the device is lost.",
)
OWNER_ADOPTED = Message(
    "Dữ liệu này đã thuộc về tài khoản khác. Hãy đăng nhập bằng tài khoản đó.",
    "This data belongs to another account. Sign in with that account.",
)
DEVICE_LOST = Message(
    "Thiết bị này đã được báo mất và không gửi được nữa.",
    "This device was reported lost and can send no more.",
)
NOT_OWNER = Message(
    "Tài khoản này không sở hữu dữ liệu của thiết bị. Hãy đăng nhập đúng tài khoản.",
    "This account does not own the device's data. Sign in with the right account.",
)
GRANT_NEEDED = Message(
    "Thiết bị không còn quyền gửi. Hãy đăng nhập để gửi tiếp.",
    "The device has no valid grant. Sign in to go on sending.",
)


@dataclass(frozen=True)
class Asked:
    """What a device asks a grant for. `hash` is the SHA-256 of the secret that it made; `kind`
    names its browser and system."""

    owner: str
    device: str
    hash: str
    kind: str | None = None


async def bearer(record: Record, authorization: str, now: datetime) -> Grant:
    """The live grant of an `Authorization` header. `Unauthorized` with the reason a phone acts
    on: grant_unknown, grant_revoked, grant_expired (sign in to send) or device_lost (wipe)."""
    scheme, _, token = authorization.partition(" ")
    hashed = token_hash(token) if scheme.lower() == "bearer" else None
    grant = await record.glance(lambda conn: grants.by_hash(conn, hashed)) if hashed else None
    if grant is None:
        raise Unauthorized("grant_unknown")
    if reason := _ended(grant, now):
        raise Unauthorized(reason)
    if now - grant.seen_at >= RENEWED_AFTER:
        await record.run(lambda conn: grants.used(conn, grant.id, now, now + DRAFT_LIFE))
    return grant


async def held(record: Record, authorization: str, now: datetime) -> Grant:
    """`bearer` for /api. `Forbidden` grant_needed."""
    try:
        return await bearer(record, authorization, now)
    except Unauthorized as error:
        raise Forbidden("grant_needed", GRANT_NEEDED) from error


class Grants:
    """Making, renewing, adopting and ending grants."""

    def __init__(self, record: Record, clock: Clock) -> None:
        self._record = record
        self._clock = clock

    async def claim(self, asked: Asked) -> Literal["created", "same"]:
        """A vault's first grant, without a session: only for an owner never seen before.
        `Conflict` owner_known otherwise; the same live triple again changes nothing."""
        now = self._clock()

        def work(conn: Connection) -> Literal["created", "same"]:
            known = grants.by_hash(conn, asked.hash)
            if known and _same(known, asked) and known.live(now):
                return "same"
            if known or not grants.create_owner(conn, asked.owner, now):
                raise Conflict("owner_known", OWNER_KNOWN)
            self._create(conn, asked, f"device:{asked.device}", now)
            return "created"

        return await self._record.run(work)

    async def renew(self, asked: Asked, account: Account) -> Literal["created", "same"]:
        """A new grant after the old one ended, for the account that owns the owner.
        `Forbidden`: not_owner, device_lost. `Conflict` grant_used: this secret was ended."""
        now = self._clock()

        def work(conn: Connection) -> Literal["created", "same"]:
            if people.account_of(conn, asked.owner) != account.id:
                raise Forbidden("not_owner", NOT_OWNER)
            if grants.device_lost(conn, asked.owner, asked.device):
                raise Forbidden("device_lost", DEVICE_LOST)
            known = grants.by_hash(conn, asked.hash)
            if known and _same(known, asked) and known.live(now):
                return "same"
            if known:
                raise Conflict("grant_used", GRANT_NEEDED)
            self._create(conn, asked, f"{account.role}:{account.id}", now)
            return "created"

        return await self._record.run(work)

    async def adopt(self, owner: str, authorization: str, account: Account) -> None:
        """Binds an owner to an account. Needs the owner's grant beside the session.
        `Forbidden` grant_needed; `Conflict` owner_adopted."""
        grant = await held(self._record, authorization, self._clock())
        if grant.owner != owner:
            raise Forbidden("grant_needed", GRANT_NEEDED)

        def work(conn: Connection) -> None:
            before = people.account_of(conn, owner)
            if not people.adopt(conn, owner, account.id):
                raise Conflict("owner_adopted", OWNER_ADOPTED)
            if before is None:
                actor = f"{account.role}:{account.id}"
                journal.write(conn, self._clock(), actor, "owner_adopted", None, {"owner": owner})

        await self._record.run(work)

    async def of_account(self, account: Account) -> list[Grant]:
        """The devices of everything this account owns, the latest used first."""
        return await self._record.read(
            lambda conn: grants.of_owners(conn, people.owners_of(conn, account.id))
        )

    async def end(self, grant_id: str, account: Account, lost: bool) -> None:
        """Revokes what the device of this account's grant holds for any of its owners; `lost` also
        tells the device to wipe. `NotFound` for another's grant."""
        now = self._clock()

        def work(conn: Connection) -> None:
            grant = grants.by_id(conn, grant_id)
            if grant is None or people.account_of(conn, grant.owner) != account.id:
                raise NotFound()
            for other in grants.of_owners(conn, people.owners_of(conn, account.id)):
                if other.device == grant.device:
                    grants.revoke(conn, other.id, now, lost)
            detail = {"grant": grant_id, "device": grant.device, "lost": lost}
            actor = f"{account.role}:{account.id}"
            journal.write(conn, now, actor, "grant_revoked", None, detail)

        await self._record.run(work)

    def _create(self, conn: Connection, asked: Asked, actor: str, now: datetime) -> None:
        grant = Grant(
            id=new_id(),
            owner=asked.owner,
            device=asked.device,
            hash=asked.hash,
            created_at=now,
            seen_at=now,
            expires_at=now + DRAFT_LIFE,
            kind=asked.kind,
        )
        grants.create(conn, grant)
        detail = {"grant": grant.id, "owner": asked.owner, "device": asked.device}
        journal.write(conn, now, actor, "grant_made", None, detail)


def _same(grant: Grant, asked: Asked) -> bool:
    return (grant.owner, grant.device) == (asked.owner, asked.device)


def _ended(grant: Grant, now: datetime) -> str | None:
    if grant.lost_at:
        return "device_lost"
    if grant.revoked_at:
        return "grant_revoked"
    return "grant_expired" if grant.expires_at <= now else None
