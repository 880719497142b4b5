"""Codes that a clerk makes for a filed dossier: its tablet cannot open it any more, or a person
lost what opened it."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta
from functools import partial

from server.auth.access import Actor, Opened, Vaulted, stage
from server.auth.claim_codes import birth_hash, typed_hash
from server.auth.keys import KeyRing
from server.errors import Conflict, Message, NotFound
from server.flow.handover import held_by
from server.flow.move import NOT_READY
from server.ports import Clock
from server.record import claims, dossiers, grants, journal, people, queues, statuses
from server.record.claims import Claim
from server.record.columns import iso
from server.record.dossiers import Dossier
from server.record.people import Account
from server.record.store import Connection, Record

WAIT = timedelta(hours=24)
ACTIVE = timedelta(days=30)
"""A device that synced within that time is in use, and its person is told first."""
NO_SUCH_DOSSIER = Message(
    "Không có hồ sơ nào với mã phiếu và số định danh này. Kiểm tra lại cả hai.",
    "There is no dossier with this slip code and identity number. Check both.",
)
USED = Message(
    "Mã này đã có người dùng. Hãy tạo mã khác.",
    "This code was used before. Make another one.",
)


class Codes:
    """`secret` and `typed` are made by the clerk's device: the SHA-256 of what the QR code holds,
    and the 8 characters."""

    def __init__(self, record: Record, vaulted: Vaulted, keys: KeyRing, clock: Clock) -> None:
        self._record = record
        self._vaulted = vaulted
        self._keys = keys
        self._clock = clock

    async def renew(self, dossier: str, clerk: Account, secret: str, typed: str) -> Claim:
        """A fresh code for a filed dossier of this clerk's own tablet, which cannot open it any
        more. `NotFound` for another's; `Conflict` claim_not_ready before it was accepted."""

        def find(conn: Connection) -> tuple[str | None, Dossier | None]:
            account = people.account_of(conn, held_by(conn, dossier) or "")
            return account, dossiers.find(conn, dossier)

        holder, row = await self._record.read(find)
        if holder != clerk.id:
            raise NotFound()
        if row is None:
            raise Conflict("claim_not_ready", NOT_READY)
        opened = await self._vaulted.open(dossier, Actor("clerk", clerk.id), "claim")
        now = self._clock()
        code = self._code(row, opened, secret, typed)
        return await self._make(replace(code, kind="hand_over", good_from=now), clerk)

    async def recover(
        self, slip: str, identity: str, clerk: Account, secret: str, typed: str
    ) -> Claim:
        """A code for somebody who lost what opened their dossier, and whose ID card the clerk has
        seen. While another device of theirs is in use it is good only after a day, in which that
        device may refuse. `NotFound` unless slip and identity number are of one dossier."""
        found = await self._identified(slip, identity, clerk)
        if found is None:
            raise NotFound("no_such_dossier", NO_SUCH_DOSSIER)
        row, opened = found
        now = self._clock()
        active = await self._record.read(
            lambda conn: grants.active(conn, row.owner, now - ACTIVE, now)
        )
        good_from = now + WAIT if active else now
        code = self._code(row, opened, secret, typed)
        return await self._make(replace(code, good_from=good_from), clerk)

    async def _identified(
        self, slip: str, identity: str, clerk: Account
    ) -> tuple[Dossier, Opened] | None:
        """Each look is journalled, and with it who asked in vain."""
        rows = await self._record.read(lambda conn: queues.with_slip(conn, slip))
        for row in rows:
            opened = await self._vaulted.open(row.id, stage("recover"), "recover")
            if hmac.compare_digest(str(opened.answers.get("identity_number", "")), identity):
                return row, opened
            now, actor = self._clock(), f"clerk:{clerk.id}"
            refuse = partial(journal.write, at=now, actor=actor, action="recovery_refused")
            await self._record.run(partial(refuse, dossier=row.id))
        return None

    def _code(self, row: Dossier, opened: Opened, secret: str, typed: str) -> Claim:
        birth = opened.answers.get("date_of_birth")
        return Claim(
            secret=secret,
            typed=typed_hash(self._keys, typed),
            birth=birth_hash(self._keys, typed, birth) if birth else None,
            dossier=row.id,
            owner=row.owner,
            kind="recover",
            request=None,
            good_from=self._clock(),
            expires_at=self._clock(),
        )

    async def _make(self, code: Claim, clerk: Account) -> Claim:
        made, now = replace(code, expires_at=code.good_from + claims.LIFE), self._clock()

        def make(conn: Connection) -> bool:
            detail = {"kind": made.kind, "good_from": iso(made.good_from)}
            journal.write(conn, now, f"clerk:{clerk.id}", "claim_made", made.dossier, detail)
            statuses.announce(conn, now, made.dossier)
            return claims.make(conn, made, now)

        if not await self._record.run(make):
            raise Conflict("claim_used", USED)
        return made
