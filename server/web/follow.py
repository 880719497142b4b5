"""/api/follow: the state of a dossier by slip code and birth date, without an account."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.dossier import states
from server.errors import Message, NotFound
from server.record import dossiers, intakes
from server.record.columns import iso
from server.record.store import Connection
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
        self._parts = parts

    def routes(self) -> list[Route]:
        return [Route("/api/follow", self.follow, methods=["POST"])]

    async def follow(self, request: Request) -> Response:
        """{slip, date_of_birth} → {group, code, updated_at}. Counted per address and per slip."""
        body = await read_json(request, {"slip": slip, "date_of_birth": birth})
        await self._parts.limiter.count("follow", address(request))
        await self._parts.limiter.count("follow_slip", body["slip"])
        born = self._parts.keys.keyed_hash("follow", f"{body['slip']}\n{body['date_of_birth']}")

        def find(conn: Connection) -> dict[str, str] | None:
            intake = intakes.by_slip(conn, body["slip"], born)
            if intake is None:
                return None
            dossier = dossiers.find(conn, intake.dossier)
            if dossier is None or intake.group == "incomplete":
                return _body(intake.group, intake.code, iso(intake.updated_at))
            return _body(states.group(dossier.state), dossier.state, iso(dossier.updated_at))

        found = await self._parts.record.read(find)
        if found is None:
            raise NotFound("not_found", NO_SUCH_SLIP)
        return reply(found)


def _body(group: str, code: str, updated_at: str) -> dict[str, str]:
    return {"group": group, "code": code, "updated_at": updated_at}
