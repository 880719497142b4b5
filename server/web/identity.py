"""/api/identity: proving who one is at an OpenID provider, and linking that to the account.

The provider sends the browser back from another site, where SameSite=Strict cookies stay away: a
short-lived Lax cookie says which attempt it was, and only a POST of our own page links.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.flow.identity import ATTEMPT_LIFE, Outcome
from server.web.body import read_json
from server.web.caller import address, signed_in
from server.web.parts import Parts
from server.web.replies import done, reply

PAGE: Final = "/thiet-bi/dinh-danh"
PLACES: Final[dict[Outcome, str]] = {
    "answered": f"{PAGE}?xong",
    "refused": f"{PAGE}?tu-choi",
    "over": f"{PAGE}?qua-han",
}


class IdentityRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._secure = parts.settings.secure
        self._cookie = "__Host-doibang_identity" if self._secure else "doibang_identity"

    def routes(self) -> list[Route]:
        return [
            Route("/api/identity", self.shown, methods=["GET"]),
            Route("/api/identity", self.unlink, methods=["DELETE"]),
            Route("/api/identity/begin", self.begin, methods=["POST"]),
            Route("/api/identity/callback", self.returned, methods=["GET"]),
            Route("/api/identity/finish", self.finish, methods=["POST"]),
        ]

    async def shown(self, request: Request) -> Response:
        """→ {offered, linked_at}."""
        session = await signed_in(request, self._parts.sessions, "applicant")
        return reply(await self._parts.identity.shown(session.actor))

    async def unlink(self, request: Request) -> Response:
        """→ 204, linked before or not."""
        session = await signed_in(request, self._parts.sessions, "applicant")
        await self._parts.identity.unlink(session.actor)
        return done()

    async def begin(self, request: Request) -> Response:
        """{} → {url}, to be opened in this browser within ten minutes. Counted per address."""
        session = await signed_in(request, self._parts.sessions, "applicant")
        await read_json(request, {})
        await self._parts.limiter.count("identity", address(request))
        url, secret = await self._parts.identity.begin(session.actor)
        return self._keeping(reply({"url": url}), secret)

    async def returned(self, request: Request) -> Response:
        """?state=&code= or ?state=&error= → 303 to the page that finishes, or says why not."""
        asked = request.query_params
        code = "" if "error" in asked else asked.get("code", "")
        secret = request.cookies.get(self._cookie, "")
        outcome = await self._parts.identity.returned(secret, asked.get("state", ""), code)
        return RedirectResponse(PLACES[outcome], 303, {"cache-control": "no-store"})

    async def finish(self, request: Request) -> Response:
        """{} → {offered, linked_at}. Counted per address."""
        session = await signed_in(request, self._parts.sessions, "applicant")
        await read_json(request, {})
        await self._parts.limiter.count("identity", address(request))
        await self._parts.identity.finish(session.actor, request.cookies.get(self._cookie, ""))
        return self._keeping(reply(await self._parts.identity.shown(session.actor)), "")

    def _keeping(self, answer: Response, secret: str) -> Response:
        answer.set_cookie(
            self._cookie,
            secret,
            max_age=int(ATTEMPT_LIFE.total_seconds()) if secret else 0,
            path="/" if self._secure else "/api/identity",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        return answer
