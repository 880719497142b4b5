"""/api/desk/retests: wishes for a session of the test, and their answers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.access import Actor
from server.flow.retest import Retests
from server.web.body import Fields, Optional, check, one_of, path_id, pattern, read_json, text
from server.web.caller import signed_in
from server.web.parts import Parts
from server.web.replies import done, reply

DAY = pattern("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "ngày YYYY-MM-DD", "a day")
TIME = pattern("([01][0-9]|2[0-3]):[0-5][0-9]", "giờ HH:MM", "a time HH:MM")
CONFIRM: Fields = {"day": DAY, "time": TIME, "place": text(200)}
ANSWER: Fields = {
    "outcome": one_of("confirm", "decline"),
    "day": Optional(DAY),
    "time": Optional(TIME),
    "place": Optional(text(200)),
    "reason": Optional(text(200)),
}


class RetestRoutes:
    def __init__(self, parts: Parts) -> None:
        self._sessions = parts.sessions
        self._retests = Retests(parts.record, parts.clock, parts.woken)

    def routes(self) -> list[Route]:
        return [
            Route("/api/desk/retests", self.waiting, methods=["GET"]),
            Route("/api/desk/retests/{dossier}", self.answer, methods=["POST"]),
        ]

    async def waiting(self, request: Request) -> Response:
        """→ [{dossier, asked_at, test, class, week, slip}]."""
        return reply(await self._retests.waiting(await self._officer(request)))

    async def answer(self, request: Request) -> Response:
        """{outcome: confirm, day, time, place} or {outcome: decline, reason} → 204."""
        actor, dossier = await self._officer(request), path_id(request, "dossier")
        said = await read_json(request, ANSWER)
        if said["outcome"] == "decline":
            reason = check({"reason": said["reason"] or None}, {"reason": text(200)})["reason"]
            await self._retests.decline(actor, dossier, reason)
        else:
            named = check({name: said[name] or None for name in CONFIRM}, CONFIRM)
            await self._retests.confirm(actor, dossier, named["day"], named["time"], named["place"])
        return done()

    async def _officer(self, request: Request) -> Actor:
        return (await signed_in(request, self._sessions, "officer")).actor
