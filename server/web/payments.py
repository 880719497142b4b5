"""Paying a fee: /api/dossiers/{dossier}/payments, and what the gateway and its payers come back to.

The gateway's request is answered in VNPay's own shape (PAY 2.1.0: RspCode, Message).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from server.auth.grants import held
from server.errors import SignInNeeded
from server.flow.admitted import Asker
from server.flow.pay import Answer
from server.web.body import Optional, one_of, path_id, read_json
from server.web.caller import address, all_signed_in
from server.web.parts import Parts
from server.web.replies import reply

ANSWERS: Final[Mapping[Answer, tuple[str, str]]] = {
    "confirmed": ("00", "Confirm Success"),
    "unknown": ("01", "Order not found"),
    "already": ("02", "Order already confirmed"),
    "amount": ("04", "Invalid amount"),
    "signature": ("97", "Invalid signature"),
    "malformed": ("99", "Invalid request"),
}
PAYERS = ("applicant", "clerk")


class PaymentRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        of = "/api/dossiers/{dossier}/payments"
        return [
            Route(of, self.begin, methods=["POST"]),
            Route(of, self.shown, methods=["GET"]),
            Route("/api/payments/vnpay/ipn", self.told, methods=["GET"]),
            Route("/api/payments/vnpay/return", self.returned, methods=["GET"]),
            Route("/api/payments/vnpay/return/clerk", self.returned_clerk, methods=["GET"]),
        ]

    async def begin(self, request: Request) -> Response:
        """{language} → 201 {reference, amount, pay_url, transfer, expires_at}. Counted per
        address."""
        payers = await self._payers(request)
        dossier = path_id(request, "dossier")
        body = await read_json(request, {"language": Optional(one_of("vi", "en"))})
        await self._parts.limiter.count("payment", address(request))
        english = body["language"] == "en"
        begun = await self._parts.pay.begin(dossier, payers, address(request), english)
        return reply(begun, 201)

    async def shown(self, request: Request) -> Response:
        """→ {fee, online, transfer, attempts, receipt}."""
        payers = await self._payers(request)
        return reply(await self._parts.pay.shown(path_id(request, "dossier"), payers))

    async def told(self, request: Request) -> Response:
        """The gateway's IPN → {RspCode, Message}; it comes again until that is 00 or 02."""
        code, text = ANSWERS[await self._parts.pay.told(dict(request.query_params))]
        return reply({"RspCode": code, "Message": text})

    async def returned(self, request: Request) -> Response:
        """→ 303 to the dossier's page, which says what the record knows."""
        return await self._led_back(request, "/ho-so", "/ho-so/")

    async def returned_clerk(self, request: Request) -> Response:
        """→ 303 to what a clerk's tablet shows of a dossier it sent."""
        return await self._led_back(request, "/nhan-vien", "/nhan-vien/da-gui/")

    async def _led_back(self, request: Request, home: str, page: str) -> Response:
        dossier = await self._parts.pay.returned(dict(request.query_params))
        place = f"{page}{dossier}" if dossier else home
        return RedirectResponse(place, 303, {"cache-control": "no-store"})

    async def _payers(self, request: Request) -> list[Asker]:
        """The device, by the grant it shows; else who is signed in here. `SignInNeeded`."""
        if authorization := request.headers.get("authorization", ""):
            return [await held(self._parts.record, authorization, self._parts.clock())]
        here = await all_signed_in(request, self._parts.sessions)
        payers: list[Asker] = [one.actor for one in here if one.account.role in PAYERS]
        if not payers:
            raise SignInNeeded()
        return payers
