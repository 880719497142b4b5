"""Invitations: a link that lets a clerk, officer or administrator register a passkey, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from server.auth.tokens import new_token, token_hash
from server.dossier.tables import table
from server.errors import InvalidInput, Message, NotFound
from server.ports import Clock
from server.record import journal, people
from server.record.people import Invitation
from server.record.store import Connection, Record

LIFE = timedelta(hours=24)
INVITED_ROLES = ("clerk", "officer", "admin")

INVITATION_OVER = Message(
    "Lời mời không đúng, đã dùng hoặc đã hết hạn 24 giờ. Hãy xin một lời mời mới.",
    "The invitation is wrong, was used, or is older than 24 hours. Ask for a new one.",
)
WRONG_ROLE = Message(
    "Vai trò phải là clerk, officer hoặc admin; điểm tiếp nhận bắt buộc với clerk.",
    "The role must be clerk, officer or admin; a clerk needs an intake point.",
)


def _unknown_point(point: str, known: Sequence[str]) -> Message:
    names = ", ".join(known)
    return Message(
        f"Không có điểm tiếp nhận {point}. Các điểm: {names}.",
        f"There is no intake point {point}. The points: {names}.",
    )


class Invitations:
    def __init__(self, record: Record, clock: Clock, origin: str) -> None:
        self._record = record
        self._clock = clock
        self._origin = origin

    async def make(self, role: str, point: str | None, name: str | None, by: str) -> str:
        """The link, which is shown this once. `by`: `admin:<account>`, or `cli:<user>`.
        `InvalidInput` for a role that nobody is invited to, a clerk without a point, or a point
        that is not in `intake_points.json`."""
        if role not in INVITED_ROLES or (role == "clerk" and not point):
            raise InvalidInput("role", "bad_role", WRONG_ROLE)
        known = [row["id"] for row in table("intake_points")["points"]]
        if point is not None and point not in known:
            raise InvalidInput("point", "unknown_point", _unknown_point(point, known))
        token, now = new_token(), self._clock()
        invitation = Invitation(token_hash(token) or "", role, point, name, now + LIFE, by)

        def work(conn: Connection) -> None:
            people.invite(conn, invitation)
            journal.write(conn, now, by, "invited", None, {"role": role, "point": point})

        await self._record.run(work)
        return f"{self._origin}/moi#{token}"

    async def inspect(self, token: str) -> Invitation:
        """What a link offers, without using it up. `NotFound` invitation_over."""
        hashed = token_hash(token)
        now = self._clock()
        found = (
            await self._record.read(lambda conn: people.invitation(conn, hashed, now))
            if hashed
            else None
        )
        if found is None:
            raise NotFound("invitation_over", INVITATION_OVER)
        return found
