"""The JSON interface and the wire over a real record and engine, without the rest of the server."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from server import container
from server.auth.sealing import b64u
from server.container import Parts
from server.record.tables import journal
from server.sandbox.device import Device
from server.sandbox.paper import Paper, Picture, Said
from server.settings import loopback_settings
from server.web.routes import api_routes, middleware
from tests.server.authenticator import Passkey
from tests.server.fresh import record_file

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


ANSWERS: dict[str, Any] = {
    "procedure": "doi",
    "licence_held": "card",
    "reason": "damaged",
    "full_name": "Nguyễn Thị Hoa",
    "date_of_birth": "1980-05-04",
    "sex": "female",
    "nationality": "Việt Nam",
    "identity_number": "027180001234",
    "residence_line": "Thôn Cầu Đào",
    "residence_commune": "09466",
    "residence_province": "24",
    "phone": "+84912345678",
    "licence_number": "270812345678",
    "licence_regime": "2025",
    "licence_class": "A1",
    "licence_issue_date": "2025-03-10",
    "licence_expiry": "unlimited",
    "requested_class": "A1",
    "delivery_method": "counter",
    "delivery_point": "bn-08",
}
PICTURES = [
    Picture("licence_front", b"\xff\xd8front" + bytes(50_000), 1600, 1000),
    Picture("portrait", b"\xff\xd8portrait" + bytes(100), 900, 1200),
]


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


def build(folder: Path, **changes: object) -> Parts:
    """The server's own parts on a fresh record and engine, with a clock that tests move."""
    settings = loopback_settings(folder, 8000, **changes)
    file = Path(settings.record_url.removeprefix("sqlite:///"))
    if settings.record_url.startswith("sqlite:") and not file.exists():
        record_file(file)
    return container.build(settings, Clock())


class Browser:
    """A TestClient with the cookies, origin and manners of the PWA."""

    def __init__(self, client: TestClient, parts: Parts) -> None:
        self.client = client
        self.parts = parts

    def file(self, helper: str | None = None, **answers: Any) -> tuple[Device, Paper]:
        """A dossier sent by a device and worked on until nothing is due. `helper`: the account of
        the clerk who helped."""
        said = (
            Said(helper={"account": helper, "point": "bn-08", "confirmation": "present"})
            if helper
            else Said()
        )

        async def send() -> tuple[Device, Paper]:
            transport = ASGITransport(self.client.app)
            async with AsyncClient(
                transport=transport, base_url=self.parts.settings.origin
            ) as client:
                device = Device(client, self.parts.clock)
                await device.enrol()
                paper = await device.compose(ANSWERS | answers, PICTURES, said)
                assert await device.send(paper) == {}
            await self.parts.worker.run_once()
            return device, paper

        sent: tuple[Device, Paper] = self.call(send)
        return sent

    def work(self) -> None:
        """Everything that is due now."""
        self.call(self.parts.worker.run_once)

    @property
    def clock(self) -> Clock:
        clock = self.parts.clock
        assert isinstance(clock, Clock)
        return clock

    def journal(self, action: str) -> list[dict[str, Any]]:
        """The lines of one action, oldest first."""
        query = select(journal).where(journal.c.action == action).order_by(journal.c.seq)
        return self.parts.record.now(
            lambda conn: [dict(row) for row in conn.execute(query).mappings()]
        )

    def post(self, path: str, body: Any, **headers: str) -> Any:
        origin = {"origin": self.parts.settings.origin}
        return self.client.post(path, json=body, headers=origin | headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(path, headers={"origin": self.parts.settings.origin} | headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def call(self, work: Callable[..., Any], *args: Any) -> Any:
        """Runs one of the surface's coroutines on the server's own loop."""
        if self.client.portal is None:
            raise AssertionError("the client is not started")
        return self.client.portal.call(work, *args)

    def invite(self, role: str, point: str | None = None) -> str:
        """The token of a fresh invitation."""
        make = self.parts.invitations.make
        link = self.call(make, role, point, "Nhân viên thử", "cli:test")
        return str(link).partition("#")[2]

    def register(self, invitation: str | None = None, passkey: Passkey | None = None) -> Any:
        """Makes an account with a passkey; the browser is signed in afterwards."""
        passkey = passkey or Passkey()
        asked = {"invitation": invitation} if invitation else {}
        begun = self.post("/api/passkeys/registration", asked).json()
        made = passkey.create(begun["options"]["challenge"])
        finish = {"ceremony": begun["ceremony"], "credential": made}
        return self.post("/api/passkeys/registration/finish", finish)

    def sign_in(self, role: str, passkey: Passkey) -> Any:
        begun = self.post("/api/passkeys/assertion", {"role": role}).json()
        proof = passkey.get(begun["options"]["challenge"])
        finish = {"ceremony": begun["ceremony"], "credential": proof}
        return self.post("/api/passkeys/assertion/finish", finish)

    def enrol(self) -> tuple[str, dict[str, str]]:
        """A fresh owner with its first grant and its database: (bearer secret, the triple)."""
        secret, asked = new_grant()
        assert self.post("/api/grants", asked).status_code == 201
        made = self.client.put(f"/db/drafts-{asked['owner']}", headers=bearer(secret))
        assert made.status_code == 201
        return secret, asked


def application(parts: Parts) -> Starlette:
    routes = [*api_routes(parts), Mount("/db", parts.wire)]
    return Starlette(routes=routes, middleware=middleware(parts))


@contextmanager
def serve(parts: Parts) -> Iterator[Browser]:
    """The interface and the wire; the worker runs when a test calls `parts.worker.run_once`."""
    with TestClient(application(parts), base_url=parts.settings.origin) as client:
        browser = Browser(client, parts)
        try:
            yield browser
        finally:
            browser.call(parts.close)


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def new_grant() -> tuple[str, dict[str, str]]:
    """A grant's secret and what a device posts for it."""
    raw = secrets.token_bytes(32)
    asked = {"owner": secrets.token_hex(16), "device": secrets.token_hex(16)}
    return b64u(raw), asked | {"hash": hashlib.sha256(raw).hexdigest()}
