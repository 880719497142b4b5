"""What the licensing authority tells of itself: POST /api/authority/decisions, signed (RFC 9421).

No cookie is read and no Origin asked for: the signature is who it is.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.flow.pushed import Answer
from server.ports import SignedRequest
from server.web.caller import address
from server.web.guards import SIGNED
from server.web.parts import Parts
from server.web.replies import reply

SENTENCES: Final[dict[Answer, str]] = {
    "taken": "Đã ghi nhận quyết định",
    "known": "Quyết định này đã được ghi nhận trước đó",
    "noted": "Chưa có quyết định",
}
[PATH] = SIGNED


class AuthorityRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def routes(self) -> list[Route]:
        return [Route(PATH, self.told, methods=["POST"])]

    async def told(self, request: Request) -> Response:
        """TraCuuHoSo's `data` with khoaYeuCau → {error_code: "0", result}. Counted per address. A
        refusal with Retry-After is for later, any other is final."""
        await self._parts.limiter.count("push", address(request))
        body = await request.body()
        target = f"{self._parts.settings.origin}{PATH}"
        headers = {name.lower(): value for name, value in request.headers.items()}
        signed = SignedRequest(request.method, target, headers, body)
        answer = await self._parts.pushed.told(signed)
        return reply({"error_code": "0", "result": SENTENCES[answer]})
