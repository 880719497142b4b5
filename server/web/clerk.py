"""/api/clerk: what a clerk helped with. Names come from here, after sign-in, never from a disk."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.flow.follow import Follow
from server.web.caller import signed_in
from server.web.parts import Parts
from server.web.replies import reply


class ClerkRoutes:
    def __init__(self, parts: Parts) -> None:
        self._sessions = parts.sessions
        self._follow = Follow(parts.record, parts.keys, parts.clock)

    def routes(self) -> list[Route]:
        return [Route("/api/clerk/dossiers", self.helped, methods=["GET"])]

    async def helped(self, request: Request) -> Response:
        """→ [{dossier, slip, name, state, dossier_code, missing, received_at}], today's and open
        ones."""
        session = await signed_in(request, self._sessions, "clerk")
        return reply(await self._follow.of_clerk(session.account.id))
