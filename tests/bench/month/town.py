"""The server and everything around it in one process, on one clock that is moved by hand."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import orjson
from starlette.applications import Starlette
from starlette.routing import Mount

from server import container
from server.connectors import circuit
from server.container import Parts
from server.record import people
from server.record.people import Account
from server.sandbox import facility
from server.sandbox.people import Person
from server.sandbox.sandbox import Sandbox
from server.settings import loopback_settings
from server.web.routes import api_routes, middleware
from tests.bench.month.plan import Verdict

THINKING, PACE = timedelta(days=2), timedelta(hours=2)
"""From the authority's receipt to its decision; from one move of a parcel to the next."""


@dataclass
class HandClock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Wiretap(httpx2.AsyncBaseTransport):
    """Carries every request in this process, and counts beside the server's own books what the
    authority really took in, by key."""

    app: Starlette | None = None
    taken: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    before: Callable[[dict[str, Any]], None] = lambda _: None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if self.app is None:
            raise RuntimeError("nobody serves yet")
        body = orjson.loads(await request.aread()) if request.url.path.endswith("/mapi/g") else {}
        self.before(body)
        self.requests[body.get("service") or request.url.path] += 1
        takes_in = body.get("service") == "TiepNhanHoSo"
        try:
            answer = await httpx2.ASGITransport(self.app).handle_async_request(request)
        except AssertionError as cut:  # the transport's word for a reply that never ended
            if takes_in:
                self.taken[body["khoaYeuCau"]] += 1
            raise httpx2.RemoteProtocolError("cut off", request=request) from cut
        well = takes_in and answer.status_code == 200
        if well and orjson.loads(await answer.aread()).get("error_code") == "0":
            self.taken[body["khoaYeuCau"]] += 1
        return answer


class Town:
    def __init__(self, folder: Path, now: datetime) -> None:
        self.clock = HandClock(now)
        self.tap = Wiretap()
        vars(container)["new_client"] = self._client
        vars(circuit)["monotonic"] = lambda: self.clock.now.timestamp()
        settings = loopback_settings(folder, 8000, approval="authority")
        self.parts: Parts = container.build(settings, self.clock)
        assert self.parts.sandbox is not None
        self.sandbox: Sandbox = self.parts.sandbox
        self.sandbox.authority.thinking = THINKING
        self.sandbox.post._pace = PACE
        self.sandbox.switches.set({"ipn_lost": True})  # notices come when the plan says so
        routes = [
            Mount("/db", self.parts.wire),
            *self.sandbox.routes(),
            *api_routes(self.parts),
        ]
        self.verdicts: dict[str, Verdict] = {}
        self.tap.before = self._decide_as_planned
        self.tap.app = Starlette(routes=routes, middleware=middleware(self.parts))
        self.client = self._client(base_url=settings.origin, headers={"origin": settings.origin})

    def _client(self, **options: Any) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=self.tap, timeout=30, trust_env=False, **options)

    def _decide_as_planned(self, message: dict[str, Any]) -> None:
        """The twin decides by the switch as it stands when a dossier comes in."""
        if message.get("service") == "TiepNhanHoSo":
            dossier = message["khoaYeuCau"].split(":")[0]
            self.sandbox.switches.verdict = self.verdicts.get(dossier, "approve")

    def clerk_of(self, point: str) -> dict[str, str]:
        """What a dossier that this point's clerk files says of the help."""
        name = hashlib.md5(point.encode(), usedforsecurity=False).hexdigest()
        account = Account(name, "clerk", f"Nhân viên {point}", point)

        def known(conn: Any) -> None:
            if people.account(conn, account.id) is None:
                people.create_account(conn, account, self.clock())

        self.parts.record.now(known)
        return {"account": account.id, "point": point, "confirmation": "present"}

    async def facility_sends(self, person: Person) -> None:
        await facility.send(self.client, self.parts.settings, person)

    async def pay(self, pay_url: str) -> str:
        """The gateway takes the money. What its notice will say, as a query string."""
        answer = await self.client.post(pay_url, data={"choice": "pay"})
        assert answer.status_code == 303, answer.text
        return urlsplit(answer.headers["location"]).query

    async def notify(self, told: str) -> None:
        answer = await self.client.get(f"/api/payments/vnpay/ipn?{told}")
        answer.raise_for_status()

    async def close(self) -> None:
        await self.client.aclose()
        await self.parts.close()
