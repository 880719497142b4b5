"""/api/desk: the officers' queue, one dossier with its photos, deciding and undoing.

Every opening is journalled by `access`; the rules of deciding are the flow's.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.access import Actor
from server.flow.desk import Desk
from server.flow.pack import pack
from server.ports import CorrectionItem
from server.record import devices
from server.record.columns import iso
from server.record.devices import SILENT
from server.web.body import (
    Fields,
    Optional,
    list_of,
    number,
    one_of,
    path_id,
    read_json,
    read_query,
    text,
)
from server.web.caller import signed_in, whole_person
from server.web.parts import Parts
from server.web.replies import done, reply

QUEUE: Fields = {
    "q": Optional(text(100)),
    "state": Optional(text(20)),
    "cursor": Optional(text(64)),
}
ITEM: Fields = {"target": text(64), "reason": text(64), "text": Optional(text(500))}
DECISION: Fields = {
    "outcome": one_of("approve", "return", "reject"),
    "version": number(1, 2**31),
    "items": Optional(list_of(ITEM, 40)),
    "reason": Optional(text(64)),
    "law": Optional(text(64)),
    "text": Optional(text(2000)),
}
ACTION: Fields = {
    "action": one_of("try_now", "park", "resume", "collect", "pick_up"),
    "point": Optional(text(16)),
}
ONLY_A_PICTURE = "default-src 'none'; sandbox; frame-ancestors 'none'"


class DeskRoutes:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = Desk(parts.record, parts.vaulted, parts.clock, parts.woken)

    def routes(self) -> list[Route]:
        one = "/api/desk/dossiers/{dossier}"
        return [
            Route("/api/desk/devices", self.devices, methods=["GET"]),
            Route("/api/desk/queue", self.queue, methods=["GET"]),
            Route(one, self.show, methods=["GET"]),
            Route(one + "/photos/{photo}", self.photo, methods=["GET"]),
            Route(one + "/decision", self.decide, methods=["POST"]),
            Route(one + "/decision", self.undo, methods=["DELETE"]),
            Route(one + "/actions", self.act, methods=["POST"]),
            Route(one + "/pack", self.pack, methods=["GET"]),
        ]

    async def queue(self, request: Request) -> Response:
        """?q=&state=&cursor= → {items, counts, cursor}."""
        actor = await self._officer(request)
        wanted = read_query(request, QUEUE)
        return reply(
            await self._desk.queue(
                actor, wanted["q"] or "", wanted["state"] or "", wanted["cursor"] or ""
            )
        )

    async def devices(self, request: Request) -> Response:
        """→ {days, devices: [{device, seen_at, incomplete, ahead_hours}]}, the longest silent
        first. Nobody's name: a device is a random id."""
        await signed_in(request, self._parts.sessions, "admin", "officer")
        before = self._parts.clock() - SILENT
        found = await self._parts.record.read(lambda conn: devices.silent(conn, before))
        return reply({"days": SILENT.days, "devices": [_device(one) for one in found]})

    async def show(self, request: Request) -> Response:
        """→ everything about one dossier."""
        actor = await self._officer(request)
        return reply(await self._desk.show(actor, path_id(request, "dossier")))

    async def photo(self, request: Request) -> Response:
        """→ image/jpeg, kept by nobody."""
        actor = await self._officer(request)
        dossier, photo = path_id(request, "dossier"), path_id(request, "photo")
        jpeg = await self._desk.photo(actor, dossier, photo)
        headers = {"cache-control": "no-store", "content-security-policy": ONLY_A_PICTURE}
        return Response(jpeg, 200, headers, "image/jpeg")

    async def decide(self, request: Request) -> Response:
        """{outcome, version, items, reason, law, text} → 202 {until}."""
        actor = await self._officer(request)
        dossier = path_id(request, "dossier")
        body = await read_json(request, DECISION)
        until = await self._desk.decide(
            actor,
            dossier,
            outcome=body["outcome"],
            version=body["version"],
            items=[_item(item) for item in body["items"] or ()],
            reason=body["reason"] or "",
            law=body["law"] or "",
            text=body["text"] or "",
        )
        return reply({"until": iso(until)}, 202)

    async def undo(self, request: Request) -> Response:
        """→ 204 within 30 seconds, then 409 too_late."""
        actor = await self._officer(request)
        await self._desk.undo(actor, path_id(request, "dossier"))
        return done()

    async def act(self, request: Request) -> Response:
        """{action, point} → 204; the point where the card is kept, of `pick_up` alone."""
        actor = await self._officer(request)
        dossier = path_id(request, "dossier")
        body = await read_json(request, ACTION)
        if body["action"] == "pick_up":
            await self._desk.keep_at(actor, dossier, body["point"] or "")
        else:
            await self._desk.act(actor, dossier, body["action"])
        return done()

    async def pack(self, request: Request) -> Response:
        """→ a zip for another office."""
        actor = await self._officer(request)
        dossier = path_id(request, "dossier")
        parts = self._parts
        name, data = await pack(parts.record, parts.vaulted, actor, dossier, parts.settings.origin)
        headers = {
            "cache-control": "no-store",
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        }
        return Response(data, 200, headers, "application/zip")

    async def _officer(self, request: Request) -> Actor:
        return await whole_person(request, self._parts, "officer")


def _device(one: devices.Device) -> dict[str, object]:
    ahead = one.ahead.total_seconds() / 3600 if one.ahead else 0
    return {
        "device": one.device,
        "seen_at": iso(one.seen_at),
        "incomplete": one.incomplete,
        "ahead_hours": round(ahead, 1),
    }


def _item(item: dict[str, str | None]) -> CorrectionItem:
    return CorrectionItem(item["target"] or "", item["reason"] or "", item["text"] or "")
