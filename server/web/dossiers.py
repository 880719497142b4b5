"""/api/dossiers: the open dossiers of a signed-in applicant, for a new device to begin with."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.flow.follow import Follow
from server.web.caller import signed_in
from server.web.parts import Parts
from server.web.replies import reply


class DossierRoutes:
    def __init__(self, parts: Parts) -> None:
        self._sessions = parts.sessions
        self._follow = Follow(parts.record, parts.keys, parts.clock)

    def routes(self) -> list[Route]:
        return [Route("/api/dossiers", self.open, methods=["GET"])]

    async def open(self, request: Request) -> Response:
        """→ [{dossier, owner, slip, code, state, updated_at}]."""
        session = await signed_in(request, self._sessions, "applicant")
        return reply(await self._follow.of_applicant(session.account.id))
