"""/api/grants: a device's right to sync one owner's database."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.grants import NOT_OWNER, Asked
from server.errors import Forbidden, SignInNeeded
from server.record.columns import iso
from server.record.grants import Grant
from server.web.body import Optional, digest, hex_id, one_of, path_id, read_json, read_query
from server.web.caller import address, all_signed_in, signed_in
from server.web.device_kind import device_kind
from server.web.parts import Parts
from server.web.replies import done, reply

ASKED = {"owner": hex_id, "device": hex_id, "hash": digest}
ADOPTING = ("applicant", "clerk")


class GrantRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        return [
            Route("/api/grants", self.claim, methods=["POST"]),
            Route("/api/grants", self.of_account, methods=["GET"]),
            Route("/api/grants/renew", self.renew, methods=["POST"]),
            Route("/api/grants/adopt", self.adopt, methods=["POST"]),
            Route("/api/grants/{grant}", self.end, methods=["DELETE"]),
        ]

    async def claim(self, request: Request) -> Response:
        """{owner, device, hash} → 201, or 200 for the same triple again. No session."""
        await self._parts.limiter.count("grant", address(request))
        asked = await _asked(request)
        outcome = await self._parts.grants.claim(asked)
        return reply({"owner": asked.owner}, 201 if outcome == "created" else 200)

    async def renew(self, request: Request) -> Response:
        """{owner, device, hash} → 201 with a session of the account that owns `owner`."""
        asked = await _asked(request)
        sessions = await all_signed_in(request, self._parts.sessions)
        if not sessions:
            raise SignInNeeded()
        for session in sessions:
            try:
                outcome = await self._parts.grants.renew(asked, session.account)
            except Forbidden as error:
                if error.code != "not_owner":
                    raise
                continue
            return reply({"owner": asked.owner}, 201 if outcome == "created" else 200)
        raise Forbidden("not_owner", NOT_OWNER)

    async def adopt(self, request: Request) -> Response:
        """{owner, role?} with the owner's grant as bearer and a session → 204. `role` chooses
        where a browser has an applicant's session and a clerk's."""
        body = await read_json(request, {"owner": hex_id, "role": Optional(one_of(*ADOPTING))})
        roles = [body["role"]] if body["role"] else ADOPTING
        session = await signed_in(request, self._parts.sessions, *roles)
        authorization = request.headers.get("authorization", "")
        await self._parts.grants.adopt(body["owner"], authorization, session.account)
        return done()

    async def of_account(self, request: Request) -> Response:
        """?role= → the devices of everything that account owns."""
        session = await signed_in(request, self._parts.sessions, *_roles(request))
        grants = await self._parts.grants.of_account(session.account)
        return reply([_body(grant) for grant in grants])

    async def end(self, request: Request) -> Response:
        """?role=&lost=true → 204. Its device must sign in to send; a lost one wipes itself.
        Elsewhere the account is signed out."""
        query = read_query(
            request,
            {"role": Optional(one_of(*ADOPTING)), "lost": Optional(one_of("true", "false"))},
        )
        roles = [query["role"]] if query["role"] else ADOPTING
        session = await signed_in(request, self._parts.sessions, *roles)
        grant = path_id(request, "grant")
        await self._parts.grants.end(grant, session.account, query["lost"] == "true")
        sessions = self._parts.sessions
        token = request.cookies.get(sessions.cookie_name(session.account.role), "")
        await sessions.end_others(session.account, token)
        return done()


async def _asked(request: Request) -> Asked:
    kind = device_kind(request.headers.get("user-agent", ""))
    return Asked(**await read_json(request, ASKED), kind=kind)


def _roles(request: Request) -> tuple[str, ...]:
    role = read_query(request, {"role": Optional(one_of(*ADOPTING))})["role"]
    return (role,) if role else ADOPTING


def _body(grant: Grant) -> dict[str, str | None]:
    def at(when: object) -> str | None:
        return iso(when) if when else None  # type: ignore[arg-type]

    return {
        "id": grant.id,
        "owner": grant.owner,
        "device": grant.device,
        "kind": grant.kind,
        "created_at": iso(grant.created_at),
        "seen_at": iso(grant.seen_at),
        "expires_at": iso(grant.expires_at),
        "revoked_at": at(grant.revoked_at),
        "lost_at": at(grant.lost_at),
    }
