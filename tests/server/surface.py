"""The JSON interface and the wire over a real record and engine, without the rest of the server."""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from server.auth.access import Vaulted
from server.auth.demo import Demo
from server.auth.gate import DossierGate
from server.auth.grants import Grants
from server.auth.invitations import Invitations
from server.auth.keys import KeyRing
from server.auth.limits import Limiter
from server.auth.passkeys import Passkeys
from server.auth.sealing import b64u
from server.auth.sessions import Sessions
from server.record.migrations import migrate
from server.record.store import Record
from server.record.tables import journal
from server.settings import Settings, loopback_settings
from server.web.routes import api_routes, middleware
from sync.limits import Limits
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire
from tests.server.authenticator import Passkey

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Surface:
    """What the routes are made of, for the tests to look behind."""

    settings: Settings
    clock: Clock
    record: Record
    documents: SqliteEngine
    keys: KeyRing
    vaulted: Vaulted
    sessions: Sessions
    grants: Grants
    passkeys: Passkeys
    invitations: Invitations
    demo: Demo
    limiter: Limiter
    woken: Callable[[], None]
    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    wakes: list[str] = field(default_factory=list)

    def journal(self, action: str) -> list[dict[str, Any]]:
        """The lines of one action, oldest first."""
        query = select(journal).where(journal.c.action == action).order_by(journal.c.seq)
        return self.rows(query)

    def rows(self, query: Any) -> list[dict[str, Any]]:
        return self.record.now(lambda conn: [dict(r) for r in conn.execute(query).mappings()])


def build(folder: Path, **changes: object) -> Surface:
    settings = loopback_settings(folder, 8000, **changes)
    clock, wakes = Clock(), list[str]()
    migrate(settings.record_url)
    record, documents = Record(settings.record_url), SqliteEngine(settings.documents)
    keys = KeyRing(settings.keys, clock)
    sessions = Sessions(record, clock, settings.origin)
    return Surface(
        settings,
        clock,
        record,
        documents,
        keys,
        Vaulted(record, documents, keys, clock),
        sessions,
        Grants(record, clock),
        Passkeys(record, sessions, clock, settings.origin),
        Invitations(record, clock, settings.origin),
        Demo(record, sessions, clock, settings.origin, settings.demo),
        Limiter(record, clock),
        lambda: wakes.append("acted"),
        wakes=wakes,
    )


class Browser:
    """A TestClient with the cookies, origin and manners of the PWA."""

    def __init__(self, client: TestClient, surface: Surface) -> None:
        self.client = client
        self.surface = surface

    def post(self, path: str, body: Any, **headers: str) -> Any:
        origin = {"origin": self.surface.settings.origin}
        return self.client.post(path, json=body, headers=origin | headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(path, headers={"origin": self.surface.settings.origin} | headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers=headers)

    def call(self, work: Callable[..., Any], *args: Any) -> Any:
        """Runs one of the surface's coroutines on the server's own loop."""
        if self.client.portal is None:
            raise AssertionError("the client is not started")
        return self.client.portal.call(work, *args)

    def invite(self, role: str, point: str | None = None) -> str:
        """The token of a fresh invitation."""
        make = self.surface.invitations.make
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


@contextmanager
def serve(surface: Surface) -> Iterator[Browser]:
    gate = DossierGate(
        surface.record,
        surface.documents,
        surface.settings.limits.quota,
        surface.clock,
        lambda: surface.wakes.append("arrived"),
    )
    limits = dataclasses.replace(
        Limits(),
        document=surface.settings.limits.document,
        attachment=surface.settings.limits.attachment,
        request=surface.settings.limits.request,
    )
    wire = Mount("/db", Wire(surface.documents, gate, limits))
    app = Starlette(routes=[*api_routes(surface), wire], middleware=middleware(surface))
    try:
        with TestClient(app, base_url=surface.settings.origin) as client:
            try:
                yield Browser(client, surface)
            finally:
                client.portal.call(surface.documents.close)  # type: ignore[union-attr]
    finally:
        surface.record.close()


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def new_grant() -> tuple[str, dict[str, str]]:
    """A grant's secret and what a device posts for it."""
    raw = secrets.token_bytes(32)
    asked = {"owner": secrets.token_hex(16), "device": secrets.token_hex(16)}
    return b64u(raw), asked | {"hash": hashlib.sha256(raw).hexdigest()}
