"""/api/follow: the state of a dossier by slip code and birth date, without an account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.errors import Message, NotFound
from server.flow.follow import Follow
from server.web.body import birth, read_json, slip
from server.web.caller import address
from server.web.parts import Parts
from server.web.replies import reply

NO_SUCH_SLIP = Message(
    "Không có hồ sơ với mã phiếu và ngày sinh này. Kiểm tra lại; hồ sơ chưa gửi xong thì chưa tra"
    " được.",
    "There is no dossier with this slip code and birth date. Check both; what was not sent yet"
    " cannot be found.",
)


class FollowRoutes:
    def __init__(self, parts: Parts) -> None:
        self._limiter = parts.limiter
        self._follow = Follow(parts.record, parts.keys, parts.clock)

    def routes(self) -> list[Route]:
        return [Route("/api/follow", self.follow, methods=["POST"])]

    async def follow(self, request: Request) -> Response:
        """{slip, date_of_birth} → {group, code, updated_at}. Counted per address and per slip."""
        body = await read_json(request, {"slip": slip, "date_of_birth": birth})
        await self._limiter.count("follow", address(request))
        await self._limiter.count("follow_slip", body["slip"])
        try:
            return reply(await self._follow.by_slip(body["slip"], body["date_of_birth"]))
        except NotFound as error:
            raise NotFound("not_found", NO_SUCH_SLIP) from error
