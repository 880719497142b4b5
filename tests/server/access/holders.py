"""Who comes to the wire: what each holds, and the database each asks for."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from server.auth.sealing import b64u
from server.record import people
from server.record.people_tables import grants
from sync import wire
from tests.server.access.world import World
from tests.server.surface import bearer

KEY = {"kid": "0" * 16, "wrapped": b64u(bytes(113))}
SEALED = b64u(bytes(60))


@dataclass(frozen=True)
class Holder:
    """`headers`: what proves who asks; `db`: the database they ask for."""

    headers: dict[str, str]
    db: str


@dataclass(frozen=True)
class Place:
    """An owner's database with a draft, a chunk and a checkpoint in it."""

    secret: str
    owner: str
    device: str
    dossier: str

    @property
    def db(self) -> str:
        return f"drafts-{self.owner}"

    @property
    def draft(self) -> str:
        return f"draft:{self.dossier}:{self.device}"

    @property
    def chunk(self) -> str:
        return f"chunk:{self.dossier}:{'b' * 32}:0"


def place(world: World) -> Place:
    world.forget_attempts()
    secret, asked = world.caller.enrol()
    made = Place(secret, asked["owner"], asked["device"], secrets.token_hex(16))
    data = base64.b64encode(bytes(99)).decode()
    attached = {"content_type": "application/octet-stream", "data": data}
    docs = [
        {"_id": made.draft, "_rev": "1-a", "schema": "draft/1", "key": KEY, "sealed": SEALED},
        {
            "_id": made.chunk,
            "_rev": "1-b",
            "schema": "chunk/1",
            "count": 1,
            "_attachments": {"c": attached},
        },
    ]
    path = f"/db/{made.db}"
    body = {"docs": docs, "new_edits": False}
    assert world.ask("POST", f"{path}/_bulk_docs", bearer(secret), body).json() == []
    kept = world.ask("PUT", f"{path}/_local/here", bearer(secret), {"seq": "0"})
    assert kept.status_code == 201
    return made


def others(world: World) -> dict[str, Place]:
    """`other`: whose grant is good for another database; the rest by how their grant ended."""
    made = {name: place(world) for name in ("other", *ENDINGS)}
    for name, ends in ENDINGS.items():
        ends(world, made[name])
    return made


def holders(world: World, own: Place, known: dict[str, Place]) -> dict[str, Holder]:
    """By column of wire.txt. `known`: of `others`."""
    record, applicant = world.caller.parts.record, world.account("applicant").id
    assert record.now(lambda conn: people.adopt(conn, own.owner, applicant))
    everybody = ("applicant", "clerk", "officer", "admin")
    cookies = "; ".join(world.sign_in(name)["cookie"] for name in everybody)
    ended = {name: known[name] for name in ENDINGS}
    foreign = bearer(known["other"].secret)
    return {
        "nobody": Holder({}, own.db),
        "cookies": Holder({"cookie": cookies}, own.db),
        **{name: Holder(bearer(place.secret), place.db) for name, place in ended.items()},
        "foreign": Holder(foreign, own.db),
        "absent": Holder(foreign, f"drafts-{secrets.token_hex(16)}"),
        "own": Holder(bearer(own.secret), own.db),
    }


def _end(**column: Callable[[World], Any]) -> Callable[[World, Place], None]:
    def end(world: World, ended: Place) -> None:
        values = {name: when(world) for name, when in column.items()}
        mine = update(grants).where(grants.c.owner == ended.owner).values(**values)
        world.caller.parts.record.now(lambda conn: conn.execute(mine))

    return end


def _now(world: World) -> Any:
    return world.caller.clock()


ENDINGS: dict[str, Callable[[World, Place], None]] = {
    "revoked": _end(revoked_at=_now),
    "lost": _end(revoked_at=_now, lost_at=_now),
    "expired": _end(expires_at=lambda world: _now(world) - timedelta(seconds=1)),
}

TABLES: dict[str, tuple[str, ...]] = {
    "DATABASE": ("/db/{db}",),
    "DOCUMENT": ("/db/{db}/{doc}", "/db/{db}/_design/x"),
    "ATTACHMENT": ("/db/{db}/{chunk}/c", "/db/{db}/_design/x/c"),
    "LOCAL": ("/db/{db}/_local/here",),
}
"""The wire's tables of methods that stand for one kind of path."""


def wire_routes() -> set[tuple[str, str]]:
    """(method, path) of everything that the wire answers to. What is not offered answers alike to
    every method; GET and POST stand for them."""
    found = {(m, path) for name, paths in TABLES.items() for path in paths for m in _of(name)}
    found |= {(m, f"/db/{{db}}/{name}") for name, methods in wire.SPECIAL.items() for m in methods}
    found |= {(m, f"/db/{name}") for name, methods in wire.SERVER.items() for m in methods}
    both = ("GET", "POST")
    found |= {(m, f"/db/{{db}}/{name}") for name in wire.UNSUPPORTED for m in both}
    found |= {(m, f"/db/{name}") for name in wire.UNSUPPORTED_SERVER for m in both}
    return found


def _of(table: str) -> wire.Methods:
    methods: wire.Methods = getattr(wire, table)
    return methods
