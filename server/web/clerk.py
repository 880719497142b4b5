"""/api/clerk: what a clerk helped with, and the cards that are kept at the point. Names come from
here, after sign-in, never from a disk."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.flow.follow import Follow
from server.flow.hand_out import HandOut
from server.web.body import path_id, read_json
from server.web.caller import signed_in, whole_person
from server.web.parts import Parts
from server.web.replies import done, reply


class ClerkRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._follow = Follow(parts.record, parts.keys, parts.clock)
        self._hand_out = HandOut(parts.record, parts.clock, parts.woken)

    def routes(self) -> list[Route]:
        return [
            Route("/api/clerk/dossiers", self.helped, methods=["GET"]),
            Route("/api/clerk/cards", self.cards, methods=["GET"]),
            Route("/api/clerk/cards/{dossier}", self.given, methods=["POST"]),
        ]

    async def helped(self, request: Request) -> Response:
        """→ [{dossier, slip, name, state, dossier_code, missing, received_at}], today's and open
        ones."""
        session = await signed_in(request, self._parts.sessions, "clerk")
        return reply(await self._follow.of_clerk(session.account.id))

    async def cards(self, request: Request) -> Response:
        """→ [{dossier, dossier_code, slip, name, since}]: cards to be fetched at the clerk's
        point."""
        actor = await whole_person(request, self._parts, "clerk")
        return reply(await self._hand_out.waiting(actor))

    async def given(self, request: Request) -> Response:
        """{} → 204: its owner has the card."""
        actor = await whole_person(request, self._parts, "clerk")
        dossier = path_id(request, "dossier")
        await read_json(request, {})
        await self._hand_out.given(actor, dossier)
        return done()
