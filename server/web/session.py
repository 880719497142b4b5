"""/api/session and /api/demo: who is signed in here, signing out, the trial's links."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.sessions import ROLES
from server.web.body import one_of, read_json, read_query, token
from server.web.caller import address, opened, session_body, signed_in
from server.web.parts import Parts
from server.web.replies import done, reply

ROLE = {"role": one_of(*ROLES)}


class SessionRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        return [
            Route("/api/session", self.current, methods=["GET"]),
            Route("/api/session", self.end, methods=["DELETE"]),
            Route("/api/demo", self.demo, methods=["POST"]),
        ]

    async def current(self, request: Request) -> Response:
        """?role= → {account, role, name, point, expires_at}; 401 without one."""
        role = read_query(request, ROLE)["role"]
        return reply(session_body(await signed_in(request, self._parts.sessions, role)))

    async def end(self, request: Request) -> Response:
        """?role= → 204, signed out of that role only."""
        role, sessions = read_query(request, ROLE)["role"], self._parts.sessions
        await sessions.end(request.cookies.get(sessions.cookie_name(role), ""))
        answer = done()
        answer.headers.append("set-cookie", sessions.cookie(role, ""))
        return answer

    async def demo(self, request: Request) -> Response:
        """{token} → a session without a passkey; sandbox on a loopback origin only."""
        await self._parts.limiter.count("demo", address(request))
        body = await read_json(request, {"token": token})
        started = await self._parts.demo.open(body["token"])
        return await opened(request, self._parts.sessions, *started)
