"""Who is calling: the sessions in a request's cookies, and the address attempts are counted by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from server.auth.access import Actor
from server.auth.sessions import ROLES, Sessions, SignedIn
from server.dossier.tables import table
from server.errors import Forbidden, Message, SignInNeeded
from server.record.columns import iso
from server.web.parts import Parts
from server.web.replies import reply

FRESH = timedelta(minutes=5)
PASSKEY_NEEDED = Message(
    "Việc này cần xác nhận lại bằng khóa đăng nhập. Hãy đăng nhập lại rồi làm tiếp.",
    "This needs your passkey once more. Sign in again and go on.",
)


def address(request: Request) -> str:
    """The peer's address as uvicorn knows it (from the proxy's headers where one is trusted)."""
    return request.client.host if request.client else ""


async def signed_in(request: Request, sessions: Sessions, *roles: str) -> SignedIn:
    """The live session of the first of these roles that has one. `SignInNeeded`."""
    for role in roles or ROLES:
        token = request.cookies.get(sessions.cookie_name(role), "")
        found = await sessions.current(role, token) if token else None
        if found is not None:
            return found
    raise SignInNeeded()


async def just_signed_in(request: Request, parts: Parts, *roles: str) -> SignedIn:
    """`signed_in`, with a passkey used in the last five minutes. `Forbidden` passkey_needed. The
    trial's accounts have none, so there a session is enough."""
    session = await signed_in(request, parts.sessions, *roles)
    if parts.clock() - session.began_at > FRESH and not parts.settings.demo:
        raise Forbidden("passkey_needed", PASSKEY_NEEDED)
    return session


async def whole_person(request: Request, parts: Parts, role: str) -> Actor:
    """Who is signed in in this role, with the other accounts of this browser: who helped as a clerk
    does not decide as an officer. In a demo one person plays every part. `SignInNeeded`."""
    actor = (await signed_in(request, parts.sessions, role)).actor
    if parts.settings.demo:
        return actor
    here = await all_signed_in(request, parts.sessions)
    return replace(actor, also=frozenset(one.account.id for one in here))


async def all_signed_in(request: Request, sessions: Sessions) -> list[SignedIn]:
    """Every live session of this browser."""
    found = []
    for role in ROLES:
        token = request.cookies.get(sessions.cookie_name(role), "")
        session = await sessions.current(role, token) if token else None
        if session is not None:
            found.append(session)
    return found


def session_body(session: SignedIn) -> dict[str, object]:
    account = session.account
    return {
        "account": account.id,
        "role": account.role,
        "name": account.name,
        "point": point_body(account.point),
        "expires_at": iso(session.expires_at),
    }


def point_body(point: str | None) -> dict[str, str] | None:
    """An intake point's id and Vietnamese name."""
    if point is None:
        return None
    rows = table("intake_points")["points"]
    return {"id": point, "name": next((r["vi"] for r in rows if r["id"] == point), point)}


async def opened(request: Request, sessions: Sessions, token: str, session: SignedIn) -> Response:
    """The answer that starts a session in the browser; the one of that role before it ends."""
    role = session.account.role
    if before := request.cookies.get(sessions.cookie_name(role)):
        await sessions.end(before)
    answer = reply(session_body(session))
    answer.headers.append("set-cookie", sessions.cookie(role, token))
    return answer
