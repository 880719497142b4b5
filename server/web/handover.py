"""Dossiers that change hands: /api/claims, and a clerk's and an applicant's other devices."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.claim_codes import secret_hash
from server.auth.grants import held
from server.auth.sealing import unb64u
from server.errors import InvalidInput, Message, Unreadable
from server.flow.codes import Codes
from server.flow.handover import HandOver, Typed
from server.flow.move import Move
from server.flow.unsent import UnsentList
from server.record.columns import iso
from server.record.grants import Grant
from server.web.body import (
    Optional,
    birth,
    claim,
    digest,
    identity,
    path_id,
    point,
    read_json,
    slip,
)
from server.web.caller import address, just_signed_in, signed_in
from server.web.parts import Parts
from server.web.replies import reply

BAD_KEY = Message(
    "Khóa của thiết bị không đúng. Hãy tải lại trang rồi thử lại.",
    "The device's key is no P-256 point. Load the page again and retry.",
)
ONE_CODE = Message(
    "Cần mã trong mã QR, hoặc mã gõ tay cùng ngày sinh.",
    "Send the QR code's secret, or the typed code with the birth date.",
)


class HandOverRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        move = Move(parts.record, parts.documents, parts.keys, parts.clock)
        self._handover = HandOver(parts.record, move, parts.keys, parts.clock)
        self._codes = Codes(parts.record, parts.vaulted, parts.keys, parts.clock)
        self._unsent = UnsentList(parts.record, move, parts.clock)

    def routes(self) -> list[Route]:
        clerk = "/api/clerk/dossiers/{dossier}"
        return [
            Route("/api/claims", self.claim, methods=["POST"]),
            Route("/api/clerk/unsent", self.unsent, methods=["GET"]),
            Route(f"{clerk}/claim", self.new_claim, methods=["POST"]),
            Route("/api/clerk/recoveries", self.recover, methods=["POST"]),
            Route(f"{clerk}/take", self.take, methods=["POST"]),
            Route("/api/dossiers/{dossier}/key", self.rewrap, methods=["POST"]),
        ]

    async def claim(self, request: Request) -> Response:
        """{secret, key} or {typed, date_of_birth, key}, with the taker's grant as bearer →
        {dossier, kind, slip, until, wrapped}. Counted per address."""
        body = await read_json(
            request,
            {
                "secret": Optional(claim),
                "typed": Optional(slip),
                "date_of_birth": Optional(birth),
                "key": point,
            },
        )
        grant = await self._grant(request)
        proof: str | Typed
        if body["secret"] is not None:
            await self._parts.limiter.count("claim", address(request))
            proof = secret_hash(_bytes("secret", body["secret"]))
        elif body["typed"] is not None and body["date_of_birth"] is not None:
            await self._parts.limiter.count("claim_typed", address(request))
            proof = Typed(body["typed"], body["date_of_birth"])
        else:
            raise InvalidInput("secret", "required", ONE_CODE)
        taken = await self._handover.claim(proof, grant, _point(body))
        self._parts.woken()
        return reply(taken)

    async def unsent(self, request: Request) -> Response:
        """→ [{dossier, name, slip, clerk, mine, updated_at}] of the clerk's point."""
        session = await signed_in(request, self._parts.sessions, "clerk")
        return reply(await self._unsent.at_point(session.account))

    async def new_claim(self, request: Request) -> Response:
        """{claim: SHA-256 of the QR code's secret, typed} → {expires_at}."""
        session = await signed_in(request, self._parts.sessions, "clerk")
        dossier = path_id(request, "dossier")
        body = await read_json(request, {"claim": digest, "typed": slip})
        made = await self._codes.renew(dossier, session.account, body["claim"], body["typed"])
        self._parts.woken()
        return reply({"expires_at": iso(made.expires_at)})

    async def recover(self, request: Request) -> Response:
        """{slip, identity_number, claim, typed} → {good_from, expires_at}. Counted per clerk."""
        session = await just_signed_in(request, self._parts, "clerk")
        clerk = session.account
        await self._parts.limiter.count("recovery", clerk.id)
        asked = {"slip": slip, "identity_number": identity, "claim": digest, "typed": slip}
        body = await read_json(request, asked)
        code = body["claim"], body["typed"]
        made = await self._codes.recover(body["slip"], body["identity_number"], clerk, *code)
        self._parts.woken()
        return reply({"good_from": iso(made.good_from), "expires_at": iso(made.expires_at)})

    async def take(self, request: Request) -> Response:
        """{key} with the grant of the clerk's own vault as bearer → as `claim`."""
        session = await just_signed_in(request, self._parts, "clerk")
        dossier = path_id(request, "dossier")
        body = await read_json(request, {"key": point})
        grant = await self._grant(request)
        taken = await self._handover.take(dossier, session.account, grant, _point(body))
        self._parts.woken()
        return reply(taken)

    async def rewrap(self, request: Request) -> Response:
        """{key} with a grant of the dossier's owner as bearer → as `claim`."""
        session = await just_signed_in(request, self._parts, "applicant")
        dossier = path_id(request, "dossier")
        body = await read_json(request, {"key": point})
        grant = await self._grant(request)
        return reply(await self._handover.rewrap(dossier, session.account, grant, _point(body)))

    async def _grant(self, request: Request) -> Grant:
        authorization = request.headers.get("authorization", "")
        return await held(self._parts.record, authorization, self._parts.clock())


def _point(body: dict[str, str]) -> bytes:
    data = _bytes("key", body["key"])
    if data[0] != 4:
        raise InvalidInput("key", "bad_value", BAD_KEY)
    return data


def _bytes(name: str, text: str) -> bytes:
    try:
        return unb64u(text)
    except Unreadable as error:
        raise InvalidInput(name, "bad_value", BAD_KEY) from error
