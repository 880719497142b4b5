"""A small district: who is signed in where, and a dossier in every state they might ask for."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import delete, func, select, update

from server.record import erasure, people
from server.record.people import Account
from server.record.people_tables import accounts, rate_limits
from server.record.tables import journal
from server.sandbox.device import Device
from server.sandbox.paper import Paper, Said
from tests.server.handed import Code, new_point, request
from tests.server.surface import ANSWERS, PICTURES, Browser, bearer, build, serve

ACCOUNTS = {
    "applicant": ("applicant", None),  # owns every dossier of the table
    "stranger": ("applicant", None),
    "clerk": ("clerk", "bn-08"),  # helped with every dossier of the table
    "colleague": ("clerk", "bn-08"),
    "elsewhere": ("clerk", "bn-09"),
    "officer": ("officer", None),
    "first": ("officer", None),  # made the decision that is pending
    "admin": ("admin", None),
    "barred": ("officer", None),  # its account was disabled
}
BROWSERS: Mapping[str, tuple[str, ...]] = {
    "nobody": (),
    "applicant": ("applicant",),
    "stranger": ("stranger",),
    "clerk": ("clerk",),
    "colleague": ("colleague",),
    "elsewhere": ("elsewhere",),
    "officer": ("officer",),
    "helped": ("officer", "clerk"),  # an officer who is the helping clerk too
    "owns": ("officer", "applicant"),  # an officer who is the applicant too
    "admin": ("admin",),
    "ended": ("applicant", "clerk", "officer", "admin"),  # signed out; the cookies were copied
    "barred": ("barred",),
}
NOBODY = "0" * 32


@dataclass(frozen=True)
class Filed:
    """A dossier as somebody outside could name it."""

    dossier: str
    owner: str = NOBODY
    slip: str = "22222222"
    photo: str = NOBODY
    device: Device | None = None
    paper: Paper | None = None


@dataclass
class World:
    """`filed` by state."""

    caller: Browser
    filed: dict[str, Filed] = field(default_factory=dict)
    _signed_in: dict[str, dict[str, str]] = field(default_factory=dict)

    def account(self, name: str) -> Account:
        role, point = ACCOUNTS[name]
        return Account(_id(name), role, f"Thử {name}", point)

    def sign_in(self, browser: str) -> dict[str, str]:
        """The cookie header of a browser of the table."""
        if browser not in self._signed_in:
            tokens = {name: self.session(name) for name in BROWSERS[browser]}
            if browser == "ended":
                for token in tokens.values():
                    self.caller.call(self.caller.parts.sessions.end, token)
            self._signed_in[browser] = self.cookies(tokens) if tokens else {}
        return self._signed_in[browser]

    def signed_out(self) -> None:
        """Somebody signed out: the next request of each begins with a fresh session."""
        self._signed_in.clear()

    def session(self, name: str) -> str:
        """The token of a fresh session of an account."""
        sessions, account = self.caller.parts.sessions, self.account(name)
        return self.caller.parts.record.now(lambda conn: sessions.start(conn, account))[0]

    def cookies(self, tokens: Mapping[str, str]) -> dict[str, str]:
        name = self.caller.parts.sessions.cookie_name
        each = [f"{name(ACCOUNTS[account][0])}={token}" for account, token in tokens.items()]
        return {"cookie": "; ".join(each)}

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Any:
        """One request, with the page's own origin."""
        self.caller.client.cookies.clear()
        origin = {"origin": self.caller.parts.settings.origin}
        return self.caller.client.request(
            method, path, json=body, headers=origin | dict(headers), follow_redirects=False
        )

    def forget_attempts(self) -> None:
        """Nobody has tried anything yet: who may is not how often."""
        self.caller.parts.record.now(lambda conn: conn.execute(delete(rate_limits)))

    def lines(self) -> int:
        """How long the journal is."""
        count = select(func.count()).select_from(journal)
        return int(self.caller.parts.record.now(lambda conn: conn.execute(count).scalar_one()))

    def decide(self, name: str, state: str, **decision: Any) -> None:
        """An officer of ACCOUNTS decides; it counts after 30 seconds."""
        cookies = self.cookies({name: self.session(name)})
        path = f"/api/desk/dossiers/{self.filed[state].dossier}"
        version = self.ask("GET", path, cookies).json()["version"]
        answer = self.ask("POST", f"{path}/decision", cookies, decision | {"version": version})
        assert answer.status_code == 202, answer.text


def _id(name: str) -> str:
    """An account's id: 32 hex digits that say whose."""
    return name.encode().hex().ljust(32, "0")[:32]


@contextmanager
def district(folder: Path) -> Iterator[World]:
    """As a real server is: no sandbox, so no demo that lets one person play every part."""
    with serve(build(folder, sandbox=False, oidc_issuer="")) as caller:
        world = World(caller)
        now = caller.clock()
        for name in ACCOUNTS:
            account = world.account(name)
            caller.parts.record.now(partial(people.create_account, account=account, now=now))
        bar = update(accounts).where(accounts.c.id == _id("barred")).values(disabled_at=now)
        caller.parts.record.now(lambda conn: conn.execute(bar))
        world.filed |= {"unknown": Filed(secrets.token_hex(16))}
        for state in ("open", "pending", "returned", "closed", "erased", "handed", "kept", "given"):
            world.filed[state] = _file(world, whole)
        world.filed["incomplete"] = _file(world, text_only)
        world.filed["draft"] = _file(world, draft_only)
        world.filed["begun"] = begin(world, "clerk")
        world.filed["tablet"] = _file(world, whole, "clerk")
        _move(world)
        _hand_over(world, world.filed["handed"])
        yield world


def _move(world: World) -> None:
    """The states that need somebody's hand."""
    item = {"target": "photo:licence_front", "reason": "blurred"}
    refusal = {"outcome": "reject", "law": "35-2024-qh15", "reason": "wrong_procedure"}
    world.decide("officer", "returned", outcome="return", items=[item])
    world.decide("officer", "closed", **refusal)
    for state in ("kept", "given"):
        _keep(world, state)
    world.caller.clock.forward(seconds=31)
    world.caller.work()
    given = f"/api/clerk/cards/{world.filed['given'].dossier}"
    assert world.ask("POST", given, world.sign_in("clerk"), {}).status_code == 204
    world.decide("first", "pending", outcome="return", items=[item])
    record, now = world.caller.parts.record, world.caller.clock()
    gone = world.filed["erased"].dossier
    assert record.now(lambda conn: erasure.begin(conn, gone, "cli:test", now))
    world.caller.work()


def _keep(world: World, state: str) -> None:
    """Approved, and fetched at the clerk's point."""
    officer = world.cookies({"officer": world.session("officer")})
    path = f"/api/desk/dossiers/{world.filed[state].dossier}/actions"
    body = {"action": "pick_up", "point": "bn-08"}
    assert world.ask("POST", path, officer, body).status_code == 204
    world.decide("officer", state, outcome="approve")


def offer(world: World, filed: Filed) -> Code:
    """A code for a dossier, made by the device that has it."""
    device, paper, code = filed.device, filed.paper, Code()
    assert device is not None and paper is not None
    body = {"docs": [request(paper, code)], "new_edits": False}
    answer = world.ask("POST", f"{device.database}/_bulk_docs", device.bearer, body)
    assert answer.json() == []
    world.caller.work()
    return code


def _hand_over(world: World, filed: Filed) -> None:
    """By a code, to a vault of nobody's."""
    code = offer(world, filed)
    secret, _ = world.caller.enrol()
    body = code.scanned | {"key": new_point()}
    assert world.ask("POST", "/api/claims", bearer(secret), body).status_code == 200
    world.caller.work()


async def whole(device: Device, paper: Paper) -> None:
    assert await device.send(paper) == {}


async def text_only(device: Device, paper: Paper) -> None:
    assert await device.push([paper.draft, paper.submission]) == {}


def begin(world: World, holder: str | None) -> Filed:
    """One more draft in the middle, photos and all."""
    return _file(world, draft_and_photos, holder)


async def draft_and_photos(device: Device, paper: Paper) -> None:
    assert await device.push([paper.draft]) == {}
    assert await device.push_chunks(paper) == {}


async def draft_only(device: Device, paper: Paper) -> None:
    assert await device.push([paper.draft]) == {}


def _file(
    world: World, send: Callable[[Device, Paper], Any], holder: str | None = "applicant"
) -> Filed:
    """`holder`: the account that adopts the owner's database."""
    caller = world.caller
    clerk = world.account("clerk").id
    said = Said(helper={"account": clerk, "point": "bn-08", "confirmation": "present"})

    async def file() -> tuple[Device, Paper]:
        transport = ASGITransport(caller.client.app)
        origin = caller.parts.settings.origin
        async with AsyncClient(transport=transport, base_url=origin) as client:
            device = Device(client, caller.parts.clock)
            await device.enrol()
            paper = await device.compose(ANSWERS, PICTURES, said)
            await send(device, paper)
        await caller.parts.worker.run_once()
        return device, paper

    device, paper = caller.call(file)
    if holder:
        account, adopt = world.account(holder).id, people.adopt
        assert caller.parts.record.now(lambda conn: adopt(conn, device.owner, account))
    photo = str(paper.photos[0]["id"])
    return Filed(paper.dossier, device.owner, paper.slip, photo, device, paper)
