"""Linking an account to the person that an identity provider knows. Never needed to draft or send.

An attempt is one secret, which only the browser that began it has: state, nonce and PKCE verifier
are keyed hashes of it, so the record holds nothing that another browser could go on with.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Any, Final, Literal

from server.auth.access import Actor
from server.auth.keys import KeyRing
from server.auth.tokens import new_token, token_hash
from server.errors import Conflict, Forbidden, Message, NotFound, Refused
from server.ports import Clock, IdentityProvider, IdentityRequest, ProvenIdentity
from server.record import identities, journal
from server.record.columns import iso
from server.record.identities import Link
from server.record.store import Connection, Record

ATTEMPT_LIFE = timedelta(minutes=10)
LONGEST_CODE = 2048
Outcome = Literal["answered", "refused", "over"]

OFF = Message(
    "Nơi này chưa có xác minh điện tử. Mọi việc khác vẫn làm được.",
    "Verifying who you are is not offered here. Everything else works without it.",
)
OVER = Message(
    "Lần xác minh đã quá 10 phút, đã dùng hoặc bắt đầu ở trình duyệt khác. Hãy làm lại từ đầu.",
    "This attempt is older than 10 minutes, was used, or began in another browser. Begin again.",
)
LINKED_ELSEWHERE = Message(
    "Danh tính này đã gắn với một tài khoản khác. Hãy gỡ ở tài khoản đó trước.",
    "This identity is linked to another account. Unlink it there first.",
)
ANOTHER_LINKED = Message(
    "Tài khoản này đã gắn với danh tính khác. Hãy gỡ liên kết cũ trước.",
    "This account is linked to another identity. Unlink that first.",
)
REFUSED: Final = {
    "code": OVER,
    "identity_number": Message(
        "Hệ thống định danh không cho biết số định danh, nên chưa gắn được. Có thể cần mức 2.",
        "The provider did not say your identity number, so nothing was linked. Level 2 may be"
        " needed.",
    ),
}


class Identity:
    """`provider` None: switched off."""

    def __init__(
        self, record: Record, keys: KeyRing, clock: Clock, provider: IdentityProvider | None
    ) -> None:
        self._record = record
        self._keys = keys
        self._clock = clock
        self._provider = provider

    async def shown(self, actor: Actor) -> dict[str, Any]:
        """{offered, linked_at}."""
        link = await self._record.read(lambda conn: identities.link_of(conn, actor.id))
        offered = self._provider is not None
        return {"offered": offered, "linked_at": iso(link.linked_at) if link else None}

    async def begin(self, actor: Actor) -> tuple[str, str]:
        """(the provider's address to open, the attempt's secret for a cookie). `NotFound`
        identity_off; port errors."""
        provider, secret, now = self._known(), new_token(), self._clock()
        address = await provider.address(self._request(secret))
        hashed, until = token_hash(secret) or "", now + ATTEMPT_LIFE
        await self._record.run(lambda conn: identities.begin(conn, hashed, actor.id, now, until))
        return address, secret

    async def returned(self, secret: str, state: str, code: str) -> Outcome:
        """The provider sent the browser back: without a code the person said no. Nothing is linked
        by that, for another site could have sent the browser here."""
        hashed, now = token_hash(secret), self._clock()
        if hashed is None or not hmac.compare_digest(
            self._request(secret).state.encode(), state.encode()
        ):
            return "over"
        if not 0 < len(code) <= LONGEST_CODE:
            await self._record.run(lambda conn: identities.drop(conn, hashed))
            return "refused"
        kept = await self._record.run(lambda conn: identities.answered(conn, hashed, code, now))
        return "answered" if kept else "over"

    async def finish(self, actor: Actor, secret: str) -> None:
        """Spends the code and links. `NotFound` identity_off, attempt_over; `Forbidden`
        identity_refused; `Conflict` linked_elsewhere, another_linked; port errors."""
        provider, hashed, now = self._known(), token_hash(secret) or "", self._clock()
        code = await self._record.run(lambda conn: identities.take(conn, hashed, actor.id, now))
        if code is None:
            raise NotFound("attempt_over", OVER)
        try:
            proven = await provider.proven(code, self._request(secret))
        except Refused as no:
            raise Forbidden("identity_refused", REFUSED.get(no.reason, no.message)) from no
        await self._record.run(lambda conn: self._link(conn, actor, proven))

    async def unlink(self, actor: Actor) -> None:
        """At once; what was received as proven stays so."""
        now = self._clock()

        def work(conn: Connection) -> None:
            if identities.unlink(conn, actor.id):
                journal.write(conn, now, str(actor), "identity_unlinked")

        await self._record.run(work)

    def _link(self, conn: Connection, actor: Actor, proven: ProvenIdentity) -> None:
        now, hashed = self._clock(), self._keys.keyed_hash
        subject = hashed("identity-subject", f"{proven.issuer}\n{proven.subject}")
        number = hashed(identities.NUMBER, proven.identity_number)
        elsewhere = identities.link_to(conn, proven.issuer, subject)
        if elsewhere is not None and elsewhere.account != actor.id:
            raise Conflict("linked_elsewhere", LINKED_ELSEWHERE)
        before = identities.link_of(conn, actor.id)
        if before is not None and (before.issuer, before.subject) != (proven.issuer, subject):
            raise Conflict("another_linked", ANOTHER_LINKED)
        if not identities.keep(conn, Link(actor.id, proven.issuer, subject, number, now)):
            raise Conflict("linked_elsewhere", LINKED_ELSEWHERE)
        journal.write(conn, now, str(actor), "identity_linked", None, {"issuer": proven.issuer})

    def _known(self) -> IdentityProvider:
        if self._provider is None:
            raise NotFound("identity_off", OFF)
        return self._provider

    def _request(self, secret: str) -> IdentityRequest:
        """64 hex digits each: a verifier may have 43 to 128 characters (RFC 7636 §4.1)."""
        parts = ("identity-state", "identity-nonce", "identity-verifier")
        return IdentityRequest(*(self._keys.keyed_hash(part, secret) for part in parts))
