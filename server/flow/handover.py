"""Hand-over: a dossier goes from the vault that has it to one that proves it may have it.

By a claim code (tablet to phone, phone to tablet), by a clerk of the same point, or to another
device of the same account. Each time the answer brings the data key, wrapped for that device alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from server.auth import sealing
from server.auth.claim_codes import birth_hash, typed_hash
from server.auth.keys import KeyRing
from server.errors import Conflict, Forbidden, Message, NotFound
from server.flow.move import NOT_READY, Move
from server.ports import Clock
from server.record import (
    bindings,
    claims,
    dossiers,
    handovers,
    journal,
    people,
)
from server.record.claims import Claim
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.grants import Grant
from server.record.handovers import Change
from server.record.people import Account
from server.record.store import Connection, Record

LENT = timedelta(hours=24)
UNKNOWN = Message(
    "Mã không đúng, đã dùng, đã hết hạn hoặc chưa tới máy chủ. Kiểm tra mã và ngày sinh; nếu máy"
    " đưa mã chưa có mạng, đợi máy đó gửi xong; hoặc xin mã mới.",
    "The code is wrong, used, over, or not at the server yet. Check it and the birth date; if the"
    " device that gave it has no network, wait until it has sent; or ask for a new one.",
)
EARLY = Message(
    "Mã này chưa dùng được: một máy khác của người nộp đang giữ hồ sơ và được báo trước 24 giờ. Xem"
    " giờ trên phiếu rồi thử lại.",
    "This code is not good yet: another device of the applicant's has the dossier and is told 24"
    " hours ahead. See the time on the slip and try again then.",
)
OWN = Message(
    "Hồ sơ này đang ở chính máy này.",
    "This dossier is on this very device.",
)
CLERKS_ONLY = Message(
    "Mã này để nhân viên làm tiếp trên máy tính bảng của điểm bưu chính.",
    "This code is for a clerk's tablet at an intake point.",
)


@dataclass(frozen=True)
class Typed:
    """The 8 characters and the birth date that go together."""

    code: str
    birth: str


class HandOver:
    def __init__(self, record: Record, move: Move, keys: KeyRing, clock: Clock) -> None:
        self._record = record
        self._move = move
        self._keys = keys
        self._clock = clock

    async def claim(self, proof: str | Typed, grant: Grant, point: bytes) -> dict[str, Any]:
        """The dossier of a code: {dossier, kind, slip, until, wrapped}. `proof`: the hash of what
        the QR code holds, or the typed code. The same owner may ask again, for an answer may be
        lost. `NotFound` claim_unknown; `Conflict` claim_not_ready, claim_early, claim_own;
        `Forbidden` clerk_needed."""
        found = await self._find(proof)
        if found is None or found.used_by not in (None, grant.owner):
            raise NotFound("claim_unknown", UNKNOWN)
        if found.good_from > self._clock():
            raise Conflict("claim_early", EARLY)
        if found.used_by is None:
            await self._take(found, grant)
        return await self._answer(found.dossier, grant, point, found.kind)

    async def take(
        self, dossier: str, clerk: Account, grant: Grant, point: bytes
    ) -> dict[str, Any]:
        """For another clerk of the point where it was begun, or the same one on another tablet.
        `NotFound` for every other dossier; `Forbidden` clerk_needed for a vault not theirs."""

        def whose(conn: Connection) -> tuple[str, Account | None, str | None]:
            owner = held_by(conn, dossier) or ""
            holder = people.account(conn, people.account_of(conn, owner) or "")
            return owner, holder, people.account_of(conn, grant.owner)

        owner, holder, mine = await self._record.read(whose)
        if holder is None or holder.role != "clerk" or holder.point != clerk.point:
            raise NotFound()
        if mine != clerk.id:
            raise Forbidden("clerk_needed", CLERKS_ONLY)
        if owner != grant.owner:
            await self._ready(dossier, owner)
            actor = f"clerk:{clerk.id}"
            await self._move.change(Change(dossier, owner, grant.owner, actor, "taken_over"))
        return await self._answer(dossier, grant, point, "take")

    async def rewrap(
        self, dossier: str, account: Account, grant: Grant, point: bytes
    ) -> dict[str, Any]:
        """For another device of the account that owns it. `NotFound` for any other dossier."""

        def allowed(conn: Connection) -> bool:
            same = held_by(conn, dossier) == grant.owner
            return same and people.account_of(conn, grant.owner) == account.id

        if not await self._record.read(allowed):
            raise NotFound()
        return await self._answer(dossier, grant, point, "own")

    async def _find(self, proof: str | Typed) -> Claim | None:
        now = self._clock()
        if isinstance(proof, str):
            return await self._record.read(lambda conn: claims.by_secret(conn, proof, now))
        typed = typed_hash(self._keys, proof.code)
        birth = birth_hash(self._keys, proof.code, proof.birth)
        return await self._record.run(lambda conn: claims.by_typed(conn, typed, birth, now))

    async def _take(self, claim: Claim, grant: Grant) -> None:
        if claim.owner == grant.owner:
            raise Conflict("claim_own", OWN)
        until = None
        if claim.kind == "lend":
            until = self._clock() + LENT
            if not await self._record.read(lambda conn: _is_clerks(conn, grant.owner)):
                raise Forbidden("clerk_needed", CLERKS_ONLY)
        await self._ready(claim.dossier, claim.owner)
        actor, reason = f"device:{grant.device}", claim.kind
        change = Change(claim.dossier, claim.owner, grant.owner, actor, reason, until)
        await self._move.change(change, claim.secret)

    async def _ready(self, dossier: str, owner: str) -> None:
        if not await self._move.ready(dossier, owner):
            raise Conflict("claim_not_ready", NOT_READY)

    async def _answer(self, dossier: str, grant: Grant, point: bytes, kind: str) -> dict[str, Any]:
        def look(conn: Connection) -> tuple[str | None, Dossier | None]:
            return held_by(conn, dossier), dossiers.find(conn, dossier)

        owner, row = await self._record.read(look)
        if owner != grant.owner:
            raise NotFound("claim_unknown", UNKNOWN)
        lent = await self._record.read(lambda conn: handovers.lender(conn, dossier))
        key = await self._move.data_key(dossier, owner)
        wrapped = sealing.wrap_for_device(point, owner, dossier, grant.device, key)
        actor, now = f"device:{grant.device}", self._clock()
        detail = {"purpose": kind, "owner": owner}
        await self._record.run(
            lambda conn: journal.write(conn, now, actor, "key_given", dossier, detail)
        )
        return {
            "dossier": dossier,
            "kind": kind,
            "slip": row.slip if row else None,
            "until": iso(lent[1]) if lent else None,
            "wrapped": wrapped,
        }


def held_by(conn: Connection, dossier: str) -> str | None:
    """Whose it is; None also where it was erased."""
    return None if bindings.is_erased(conn, dossier) else bindings.bound_to(conn, dossier)


def _is_clerks(conn: Connection, owner: str) -> bool:
    account = people.account(conn, people.account_of(conn, owner) or "")
    return account is not None and account.role == "clerk"
