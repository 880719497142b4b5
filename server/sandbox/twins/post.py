"""Twin of the post: books items under keys, moves them on as the clock goes."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.ports import Clock
from server.sandbox.switches import Shelf, Switches
from server.sandbox.twins.wire import CutReply, read_object

_NEEDED = ("orderCode", "receiverName", "receiverPhone", "receiverAddress", "receiverCommune")
_WAY = (("BOOKED", 0, "Bưu cục Gia Bình"), ("IN_TRANSIT", 1, "Trung tâm khai thác Bắc Ninh"),
        ("DELIVERED", 3, "Phát tại nhà"))  # fmt: skip
_FAILS = (*_WAY[:2], ("FAILED", 3, "Không có người nhận"))

PACE = timedelta(seconds=20)


class Post:
    """`pace`: time from booking to the first move; delivery takes three of them."""

    def __init__(
        self,
        folder: Path,
        switches: Switches,
        clock: Clock,
        token: str,
        pace: timedelta = PACE,
    ) -> None:
        self._shelf = Shelf(folder / "post.json")
        self._shelf.content.setdefault("keys", {})
        self._shelf.content.setdefault("items", {})
        self._switches = switches
        self._clock = clock
        self._token = token
        self._pace = pace

    def routes(self) -> list[Route]:
        return [
            Route("/v1/orders", self._book, methods=["POST"]),
            Route("/v1/items/{number}/events", self._events, methods=["GET"]),
        ]

    async def _book(self, request: Request) -> Response:
        if refusal := self._unknown(request):
            return refusal
        key = request.headers.get("idempotency-key", "")
        body = await read_object(request)
        if not key or body is None:
            return _no(422, "bad_request", "An Idempotency-Key and a JSON object are needed.")
        if number := self._shelf.content["keys"].get(key):
            return JSONResponse({"code": "duplicate", "itemCode": number}, 409)
        for name in _NEEDED:
            if not isinstance(body.get(name), str) or not body[name].strip():
                return _no(422, "missing", f"{name} is missing.")
        number = s10("EB", 12_345_678 + len(self._shelf.content["items"]))
        self._shelf.content["keys"][key] = number
        self._shelf.content["items"][number] = {
            "booked": self._clock().isoformat(),
            "fails": self._switches.delivery_fails,
        }
        self._shelf.save()
        reply = {"itemCode": number}
        return CutReply(reply, 201) if self._switches.replies_lost else JSONResponse(reply, 201)

    async def _events(self, request: Request) -> Response:
        if refusal := self._unknown(request):
            return refusal
        item = self._shelf.content["items"].get(request.path_params["number"])
        if item is None:
            return _no(404, "unknown", "No such item.")
        return JSONResponse({"events": list(self._so_far(item))})

    def _so_far(self, item: dict[str, Any]) -> Iterator[dict[str, str]]:
        booked, now = datetime.fromisoformat(item["booked"]), self._clock()
        for status, steps, place in _FAILS if item.get("fails") else _WAY:
            at = booked + steps * self._pace
            if at <= now:
                time = at.isoformat(timespec="seconds").replace("+00:00", "Z")
                yield {"time": time, "status": status, "place": place}

    def _unknown(self, request: Request) -> Response | None:
        given = request.headers.get("authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return None
        return _no(401, "token", "The token is not accepted.")


def s10(service: str, serial: int, country: str = "VN") -> str:
    """UPU S10 identifier: eight digits and their check digit (weights 8 6 4 2 3 5 9 7)."""
    digits = f"{serial % 100_000_000:08d}"
    total = sum(int(d) * w for d, w in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
    check = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return f"{service}{digits}{check}{country}"


def _no(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)
