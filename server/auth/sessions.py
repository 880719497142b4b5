"""Sessions: a cookie for each role, so that one browser may be a clerk and an officer at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.auth.access import Actor, Role
from server.auth.tokens import new_token, token_hash
from server.ports import Clock
from server.record import journal, people
from server.record.people import Account
from server.record.store import Connection, Record

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Lifetime:
    """`idle`: without a request; `absolute`: whatever happens. `kept`: the cookie outlives the
    browser window."""

    idle: timedelta
    absolute: timedelta
    kept: bool = False


# Staff: reauthentication within a working day (NIST SP 800-63B-4 section 2.2.3 is the model).
LIFETIMES: dict[str, Lifetime] = {
    "applicant": Lifetime(timedelta(days=14), timedelta(days=60), kept=True),
    "clerk": Lifetime(timedelta(hours=2), timedelta(hours=12)),
    "officer": Lifetime(timedelta(hours=1), timedelta(hours=12)),
    "admin": Lifetime(timedelta(minutes=30), timedelta(hours=4)),
}
ROLES = tuple(LIFETIMES)


@dataclass(frozen=True)
class SignedIn:
    """A live session. `began_at`: when the person proved who they are; `expires_at`: when it ends
    if nothing more is asked."""

    account: Account
    began_at: datetime
    expires_at: datetime

    @property
    def actor(self) -> Actor:
        return actor_of(self.account)


def actor_of(account: Account) -> Actor:
    role: Role = account.role  # type: ignore[assignment]
    return Actor(role, account.id, account.point)


class Sessions:
    """`origin` decides the cookies: on https they carry Secure and the `__Host-` prefix."""

    def __init__(self, record: Record, clock: Clock, origin: str) -> None:
        self._record = record
        self._clock = clock
        self._secure = origin.startswith("https://")

    def cookie_name(self, role: str) -> str:
        return f"__Host-doibang_{role}" if self._secure else f"doibang_{role}"

    def cookie(self, role: str, token: str) -> str:
        """A Set-Cookie header's value (RFC 6265bis); an empty token takes the cookie away."""
        parts = [f"{self.cookie_name(role)}={token}", "HttpOnly", "SameSite=Strict"]
        parts.append("Path=/" if self._secure else "Path=/api")
        if self._secure:
            parts.append("Secure")
        lifetime = LIFETIMES[role]
        if not token:
            parts.append("Max-Age=0")
        elif lifetime.kept:
            parts.append(f"Max-Age={int(lifetime.absolute.total_seconds())}")
        return "; ".join(parts)

    def start(self, conn: Connection, account: Account) -> tuple[str, SignedIn]:
        """A new session in the caller's transaction: its token and what it is."""
        token, now, lifetime = new_token(), self._clock(), LIFETIMES[account.role]
        people.start_session(conn, token_hash(token) or "", account, now, now + lifetime.absolute)
        journal.write(conn, now, str(actor_of(account)), "signed_in")
        return token, SignedIn(account, now, now + min(lifetime.idle, lifetime.absolute))

    async def current(self, role: str, token: str) -> SignedIn | None:
        """The live session of a role's cookie; None when unknown, ended, idle too long, or of
        another role."""
        hashed = token_hash(token)
        if hashed is None or role not in LIFETIMES:
            return None
        found = await self._record.read(lambda conn: people.session(conn, hashed))
        now, lifetime = self._clock(), LIFETIMES[role]
        if found is None or found.account.role != role:
            return None
        if now >= found.expires_at or now - found.seen_at >= lifetime.idle:
            await self._record.run(lambda conn: people.end_session(conn, hashed))
            return None
        if now - found.seen_at >= SEEN_EVERY:
            await self._record.run(lambda conn: people.seen_session(conn, hashed, now))
        end = min(found.expires_at, now + lifetime.idle)
        return SignedIn(found.account, found.created_at, end)

    async def end(self, token: str) -> None:
        """Signs out. Nothing happens for an unknown token."""
        if hashed := token_hash(token):
            await self._record.run(lambda conn: people.end_session(conn, hashed))

    async def end_others(self, account: Account, token: str) -> None:
        """Signs the account out everywhere but where it holds this token: a device that was ended
        must not give itself a new grant by the session that it still has."""
        hashed = token_hash(token) or ""
        await self._record.run(lambda conn: people.end_other_sessions(conn, account.id, hashed))
