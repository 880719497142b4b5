"""/api/passkeys and /api/invitations: registering and signing in, without a password."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.sessions import ROLES
from server.record.columns import iso
from server.web.body import (
    Optional,
    hex_id,
    obj,
    one_of,
    read_json,
    read_query,
    text,
    token,
)
from server.web.caller import address, just_signed_in, opened, point_body, signed_in
from server.web.parts import Parts
from server.web.replies import done, reply


class PasskeyRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        def post(path: str, endpoint: object) -> Route:
            return Route(path, endpoint, methods=["POST"])  # type: ignore[arg-type]

        return [
            post("/api/passkeys/registration", self.begin_registration),
            post("/api/passkeys/registration/finish", self.finish_registration),
            Route("/api/passkeys", self.of_account, methods=["GET"]),
            post("/api/passkeys/another", self.begin_another),
            post("/api/passkeys/another/finish", self.finish_another),
            post("/api/passkeys/assertion", self.begin_assertion),
            post("/api/passkeys/assertion/finish", self.finish_assertion),
            post("/api/invitations/inspect", self.inspect),
        ]

    async def begin_registration(self, request: Request) -> Response:
        """{invitation?, name?} → {ceremony, options}."""
        await self._parts.limiter.count("registration", address(request))
        body = await read_json(request, {"invitation": Optional(token), "name": Optional(text(60))})
        begun = await self._parts.passkeys.begin_registration(body["invitation"], body["name"])
        return reply({"ceremony": begun.ceremony, "options": begun.options})

    async def finish_registration(self, request: Request) -> Response:
        """{ceremony, credential, assertion?} → a session. `assertion`: made offline."""
        body = await read_json(
            request, {"ceremony": hex_id, "credential": obj, "assertion": Optional(obj)}
        )
        started = await self._parts.passkeys.finish_registration(
            body["ceremony"], body["credential"], body["assertion"]
        )
        return await opened(request, self._parts.sessions, *started)

    async def of_account(self, request: Request) -> Response:
        """?role= → [{created_at}]: an account with one passkey only is lost with it."""
        role = read_query(request, {"role": one_of(*ROLES)})["role"]
        session = await signed_in(request, self._parts.sessions, role)
        since = await self._parts.passkeys.of_account(session.account)
        return reply([{"created_at": iso(at)} for at in since])

    async def begin_another(self, request: Request) -> Response:
        """{role} with a fresh session → {ceremony, options}."""
        body = await read_json(request, {"role": one_of(*ROLES)})
        session = await just_signed_in(request, self._parts, body["role"])
        begun = await self._parts.passkeys.begin_another(session.account)
        return reply({"ceremony": begun.ceremony, "options": begun.options})

    async def finish_another(self, request: Request) -> Response:
        """{role, ceremony, credential} → 204."""
        body = await read_json(
            request, {"role": one_of(*ROLES), "ceremony": hex_id, "credential": obj}
        )
        session = await signed_in(request, self._parts.sessions, body["role"])
        await self._parts.passkeys.finish_another(
            body["ceremony"], body["credential"], session.account
        )
        return done()

    async def begin_assertion(self, request: Request) -> Response:
        """{role} → {ceremony, options}."""
        await self._parts.limiter.count("assertion", address(request))
        body = await read_json(request, {"role": one_of(*ROLES)})
        begun = await self._parts.passkeys.begin_assertion(body["role"])
        return reply({"ceremony": begun.ceremony, "options": begun.options})

    async def finish_assertion(self, request: Request) -> Response:
        """{ceremony, credential} → a session."""
        body = await read_json(request, {"ceremony": hex_id, "credential": obj})
        started = await self._parts.passkeys.finish_assertion(body["ceremony"], body["credential"])
        return await opened(request, self._parts.sessions, *started)

    async def inspect(self, request: Request) -> Response:
        """{token} → {role, point, expires_at}; the invitation stays usable."""
        await self._parts.limiter.count("invitation", address(request))
        body = await read_json(request, {"token": token})
        found = await self._parts.invitations.inspect(body["token"])
        return reply(
            {
                "role": found.role,
                "point": point_body(found.point),
                "expires_at": iso(found.expires_at),
            }
        )
