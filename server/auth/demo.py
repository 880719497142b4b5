"""Demo links: the trial's clerk and officer without a passkey, on a loopback origin only."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from server.auth.sessions import Sessions, SignedIn
from server.auth.tokens import new_token, token_hash
from server.errors import Message, NotFound
from server.ports import Clock
from server.record import people
from server.record.people import Account, Invitation
from server.record.store import Connection, Record

LIFE = timedelta(hours=24)
PREFIX = "demo-"
"""Demo tokens are kept as invitations to these roles, which no registration accepts."""

DEMO_OVER = Message(
    "Liên kết dùng thử không đúng, đã dùng hoặc đã hết hạn. Khởi động lại máy chủ để có liên kết"
    " mới.",
    "The demo link is wrong, was used, or is too old. Start the server again for a new one.",
)


class Demo:
    """`allowed` is `settings.demo`: sandbox on and a loopback origin."""

    def __init__(
        self, record: Record, sessions: Sessions, clock: Clock, origin: str, allowed: bool
    ) -> None:
        self._record = record
        self._sessions = sessions
        self._clock = clock
        self._origin = origin
        self._allowed = allowed

    async def link(self, role: str, name: str, point: str | None = None) -> str:
        """A fresh one-time link to the demo account of this role, name and point."""
        if not self._allowed:
            raise NotFound("demo_over", DEMO_OVER)
        token, now = new_token(), self._clock()
        invitation = Invitation(
            token_hash(token) or "", PREFIX + role, point, name, now + LIFE, "system:sandbox"
        )
        await self._record.run(lambda conn: people.invite(conn, invitation))
        return f"{self._origin}/demo#{token}"

    async def open(self, token: str) -> tuple[str, SignedIn]:
        """The session's token and the session. `NotFound` demo_over for a used, old or wrong
        link, and always where the trial is not allowed."""
        hashed, now = token_hash(token), self._clock()

        def work(conn: Connection) -> tuple[str, SignedIn]:
            found = people.invitation(conn, hashed, now) if hashed and self._allowed else None
            if found is None or not found.role.startswith(PREFIX):
                raise NotFound("demo_over", DEMO_OVER)
            people.use_invitation(conn, found.hash, now)
            account = demo_account(found.role.removeprefix(PREFIX), found.name, found.point)
            if people.account(conn, account.id) is None:
                people.create_account(conn, account, now)
            return self._sessions.start(conn, account)

        return await self._record.run(work)


def demo_account(role: str, name: str | None, point: str | None) -> Account:
    """The same account for the same role, name and point at every start, so that the seed's
    dossiers stay the demo clerk's."""
    seed = f"demo\n{role}\n{name}\n{point}".encode()
    return Account(hashlib.sha256(seed).hexdigest()[:32], role, name, point)
