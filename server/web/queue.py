"""/api/queue: a point's numbers of today, for its counters, and what the screen shows to all."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.auth.access import Actor
from server.errors import NotFound
from server.flow.call_numbers import CallNumbers
from server.web.body import Fields, one_of, path_id, pattern, read_json
from server.web.caller import signed_in
from server.web.parts import Parts
from server.web.replies import reply

COUNTER: Fields = {
    "counter": pattern("[0-9]{1,2}", "số quầy, 1 đến 2 chữ số", "a counter's number")
}
ACTION: Fields = {"action": one_of("recall", "missed", "served")}


class QueueRoutes:
    def __init__(self, parts: Parts) -> None:
        self._sessions = parts.sessions
        self._woken = parts.woken
        self._queue = CallNumbers(parts.record, parts.clock)

    def routes(self) -> list[Route]:
        of = "/api/queue/{point}"
        return [
            Route(of, self.today, methods=["GET"]),
            Route(of + "/screen", self.screen, methods=["GET"]),
            Route(of + "/numbers", self.take, methods=["POST"]),
            Route(of + "/next", self.call_next, methods=["POST"]),
            Route(of + "/numbers/{number}", self.act, methods=["POST"]),
        ]

    async def today(self, request: Request) -> Response:
        """→ {day, open, numbers}, in the order of calling."""
        actor = await self._staff(request)
        return reply(await self._queue.today(actor, _point(request)))

    async def screen(self, request: Request) -> Response:
        """→ {day, called, waiting}, for everybody: numbers and counters."""
        return reply(await self._queue.screen(_point(request)))

    async def take(self, request: Request) -> Response:
        """→ 201, a number for somebody without a phone."""
        actor = await self._staff(request)
        await read_json(request, {})
        return reply(await self._queue.take(actor, _point(request)), 201)

    async def call_next(self, request: Request) -> Response:
        """{counter} → the number that is called."""
        actor, point = await self._staff(request), _point(request)
        counter = (await read_json(request, COUNTER))["counter"]
        called = await self._queue.call_next(actor, point, counter)
        self._woken()
        return reply(called)

    async def act(self, request: Request) -> Response:
        """{action} → the number afterwards."""
        actor, number = await self._staff(request), path_id(request, "number")
        action = (await read_json(request, ACTION))["action"]
        do = {
            "recall": self._queue.recall,
            "missed": self._queue.missed,
            "served": self._queue.served,
        }[action]
        after = await do(actor, number)
        self._woken()
        return reply(after)

    async def _staff(self, request: Request) -> Actor:
        """The officer, else the clerk of this browser."""
        return (await signed_in(request, self._sessions, "officer", "clerk")).actor


def _point(request: Request) -> str:
    """An id that is none is not found, as one of no point is."""
    point = str(request.path_params["point"])
    if len(point) > 16:
        raise NotFound()
    return point
