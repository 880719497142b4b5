"""/api/dossiers: a signed-in applicant's own: which are open, who opened one, one's data."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.flow.follow import Follow
from server.flow.own import Own
from server.web.body import path_id
from server.web.caller import just_signed_in, signed_in
from server.web.parts import Parts
from server.web.replies import reply


class DossierRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._follow = Follow(parts.record, parts.keys, parts.clock)
        self._own = Own(parts.record, parts.vaulted)

    def routes(self) -> list[Route]:
        one = "/api/dossiers/{dossier}"
        return [
            Route("/api/dossiers", self.open, methods=["GET"]),
            Route(one + "/openings", self.openings, methods=["GET"]),
            Route(one + "/export", self.export, methods=["GET"]),
        ]

    async def open(self, request: Request) -> Response:
        """→ [{dossier, owner, slip, code, state, updated_at}]."""
        session = await signed_in(request, self._parts.sessions, "applicant")
        return reply(await self._follow.of_applicant(session.account.id))

    async def openings(self, request: Request) -> Response:
        """→ [{at, role, purpose, times}], the newest first; nobody's name."""
        session = await signed_in(request, self._parts.sessions, "applicant")
        return reply(await self._own.openings(session.actor, path_id(request, "dossier")))

    async def export(self, request: Request) -> Response:
        """→ a zip with data.json and the photos, after a passkey of the last five minutes."""
        session = await just_signed_in(request, self._parts, "applicant")
        name, data = await self._own.export(session.actor, path_id(request, "dossier"))
        headers = {
            "cache-control": "no-store",
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        }
        return Response(data, 200, headers, "application/zip")
