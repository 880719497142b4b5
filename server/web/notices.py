"""/api/dossiers/{dossier}/notices: being told of a dossier outside the app, channel by channel."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.grants import held
from server.dossier.notices import CHANNELS
from server.errors import InvalidInput, NotFound, SignInNeeded
from server.flow.admitted import Asker
from server.flow.notices import NO_SERVICE, OptIn
from server.web.body import Fields, Optional, obj_of, one_of, path_id, pattern, read_json, text
from server.web.caller import address, all_signed_in
from server.web.parts import Parts
from server.web.replies import reply

# RFC 8291: a point of P-256 and 16 bytes.
SUBSCRIPTION: Fields = {
    "endpoint": text(1024),
    "p256dh": pattern("[A-Za-z0-9_-]{87}=?", "khóa P-256", "a P-256 point"),
    "auth": pattern("[A-Za-z0-9_-]{22}(==)?", "16 byte", "16 bytes"),
}
OPT_IN: Fields = {
    "version": text(16),
    "language": one_of("vi", "en"),
    "subscription": Optional(obj_of(SUBSCRIPTION)),
}


class NoticeRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        of = "/api/dossiers/{dossier}/notices"
        return [
            Route(of, self.shown, methods=["GET"]),
            Route(of + "/{channel}", self.opt_in, methods=["POST"]),
            Route(of + "/{channel}", self.opt_out, methods=["DELETE"]),
        ]

    async def shown(self, request: Request) -> Response:
        """→ {code, key, quiet, channels: [{channel, on, elsewhere, since, consent}]}."""
        askers = await self._askers(request)
        return reply(await self._parts.notices.shown(path_id(request, "dossier"), askers))

    async def opt_in(self, request: Request) -> Response:
        """{version, language, subscription?} → as `shown`. `subscription` {endpoint, p256dh,
        auth} with `push`, and only there. Counted per address."""
        askers = await self._askers(request)
        dossier, channel = path_id(request, "dossier"), _channel(request)
        body = await read_json(request, OPT_IN)
        if (body["subscription"] is not None) is not (channel == "push"):
            raise InvalidInput("subscription", "no_push_service", NO_SERVICE)
        await self._parts.limiter.count("notices", address(request))
        asked = OptIn(channel, body["version"], body["language"], body["subscription"])
        return reply(await self._parts.notices.opt_in(dossier, askers, asked))

    async def opt_out(self, request: Request) -> Response:
        """→ as `shown`. At once, for what was not told yet too."""
        askers = await self._askers(request)
        dossier, channel = path_id(request, "dossier"), _channel(request)
        return reply(await self._parts.notices.opt_out(dossier, askers, channel))

    async def _askers(self, request: Request) -> list[Asker]:
        """The device, by the grant it shows; else the applicant signed in here."""
        if authorization := request.headers.get("authorization", ""):
            return [await held(self._parts.record, authorization, self._parts.clock())]
        here = await all_signed_in(request, self._parts.sessions)
        askers: list[Asker] = [one.actor for one in here if one.account.role == "applicant"]
        if not askers:
            raise SignInNeeded()
        return askers


def _channel(request: Request) -> str:
    channel = str(request.path_params["channel"])
    if channel not in CHANNELS:
        raise NotFound()
    return channel
