"""A dossier's papers as PDF, for the applicant, the helping clerk and the officer."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.access import Actor
from server.dossier.papers import KINDS
from server.errors import NotFound, SignInNeeded
from server.flow.papers import Papers
from server.web.body import path_id
from server.web.caller import all_signed_in, signed_in
from server.web.parts import Parts
from server.web.replies import reply

READERS = ("applicant", "clerk")
ONLY_A_PAPER = "default-src 'none'; sandbox; frame-ancestors 'none'"


class PaperRoutes:
    def __init__(self, parts: Parts) -> None:
        self._sessions = parts.sessions
        self._limiter = parts.limiter
        self._papers = Papers(parts.record, parts.vaulted, parts.settings.origin)

    def routes(self) -> list[Route]:
        own, desk = "/api/dossiers/{dossier}/papers", "/api/desk/dossiers/{dossier}/papers"
        return [
            Route(own, self.listed, methods=["GET"]),
            Route(own + "/{kind}", self.made, methods=["GET"]),
            Route(desk, self.listed_at_desk, methods=["GET"]),
            Route(desk + "/{kind}", self.made_at_desk, methods=["GET"]),
        ]

    async def listed(self, request: Request) -> Response:
        """→ [{kind, name: {vi, en}, file}], what there is by now."""
        dossier, error = path_id(request, "dossier"), NotFound()
        for actor in await self._readers(request):
            try:
                return reply(await self._papers.listed(actor, dossier))
            except NotFound as not_theirs:
                error = not_theirs
        raise error

    async def made(self, request: Request) -> Response:
        """→ application/pdf, kept by nobody. 404 no_paper while there is none of this kind."""
        dossier, error = path_id(request, "dossier"), NotFound()
        for actor in await self._readers(request):
            try:
                return await self._pdf(request, actor, dossier)
            except NotFound as not_theirs:
                error = not_theirs
        raise error

    async def listed_at_desk(self, request: Request) -> Response:
        """→ as `listed`."""
        actor = (await signed_in(request, self._sessions, "officer")).actor
        return reply(await self._papers.listed(actor, path_id(request, "dossier")))

    async def made_at_desk(self, request: Request) -> Response:
        """→ as `made`."""
        actor = (await signed_in(request, self._sessions, "officer")).actor
        return await self._pdf(request, actor, path_id(request, "dossier"))

    async def _readers(self, request: Request) -> list[Actor]:
        here = await all_signed_in(request, self._sessions)
        actors = [one.actor for one in here if one.account.role in READERS]
        if not actors:
            raise SignInNeeded()
        return actors

    async def _pdf(self, request: Request, actor: Actor, dossier: str) -> Response:
        kind = request.path_params["kind"]
        if kind not in KINDS:
            raise NotFound()
        name, data = await self._papers.made(actor, dossier, kind)
        headers = {
            "cache-control": "no-store",
            "content-disposition": f'attachment; filename="{name}"',
            "content-security-policy": ONLY_A_PAPER,
        }
        return Response(data, 200, headers, "application/pdf")
