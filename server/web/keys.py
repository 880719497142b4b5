"""/api/keys: what phones seal to and whom they believe; the service worker installs it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.web.parts import Parts
from server.web.replies import reply


class KeyRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        return [Route("/api/keys", self.public, methods=["GET"])]

    async def public(self, request: Request) -> Response:
        """→ {keys: [{kid, public, not_after}], trial, facilities}, newest first. `trial`: the
        outside systems are the sandbox's, and every page says so. `facilities`: the trust list of
        signed health certificates (server/certificates/trust.py)."""
        parts = self._parts
        answer = reply(
            {
                "keys": parts.keys.public_keys(),
                "trial": parts.settings.sandbox,
                "facilities": parts.trust.entries(),
            }
        )
        answer.headers["cache-control"] = "no-cache"
        return answer
