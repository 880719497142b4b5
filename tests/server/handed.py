"""Vaults that hand dossiers to each other, as phones and tablets do it, without their screens."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from httpx2 import ASGITransport, AsyncClient

from server.auth import sealing
from server.auth.claim_codes import secret_hash
from server.auth.keys import public_point
from server.container import Parts
from server.record import people
from server.record.people import Account
from server.sandbox.device import Device, Status
from server.sandbox.paper import SLIP_LETTERS, Paper, Said
from tests.server.surface import ANSWERS, PICTURES, Clock, application, build
from tests.stores import couchdb, fresh_postgresql

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class Code:
    """What is in the QR code and what can be typed instead."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    typed: str = field(
        default_factory=lambda: "".join(secrets.choice(SLIP_LETTERS) for _ in range(8))
    )

    @property
    def scanned(self) -> dict[str, str]:
        return {"secret": sealing.b64u(self.secret)}

    @property
    def hashed(self) -> dict[str, str]:
        return {"claim": secret_hash(self.secret), "typed": self.typed}

    def by_hand(self, birth: str = ANSWERS["date_of_birth"]) -> dict[str, str]:
        return {"typed": self.typed, "date_of_birth": birth}


def new_point() -> str:
    """A fresh key pair's public point, as a device sends it."""
    return _sent(ec.generate_private_key(ec.SECP256R1()))


def _sent(pair: ec.EllipticCurvePrivateKey) -> str:
    return sealing.b64u(public_point(pair.public_key()))


def request(paper: Paper, code: Code, kind: str = "hand_over", **changes: Any) -> dict[str, Any]:
    """The sealed request of the device that gives `paper` away."""
    name = secrets.token_hex(16)
    doc_id = f"request:{paper.dossier}:{name}"
    asked = {
        "schema": "request/1",
        "kind": kind,
        "dossier": paper.dossier,
        "date_of_birth": paper.answers.get("date_of_birth"),
        "device_time": "2026-11-23T08:00:00.000Z",
    }
    return {
        "_id": doc_id,
        "_rev": f"1-{name}",
        "_revisions": {"start": 1, "ids": [name]},
        "schema": "request/1",
        "key": paper.draft["key"],
        "sealed": sealing.seal_json(paper.key, doc_id, "request/1", asked | code.hashed | changes),
    }


@dataclass
class Vault(Device):
    """A device with a key pair, to which the keys of dossiers are wrapped."""

    pair: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    async def ask(self, path: str, body: dict[str, Any], **headers: str) -> Any:
        """A request to the interface with the grant and the public key."""
        proof = self.bearer | {"origin": str(self.client.base_url).rstrip("/")}
        return await self.client.post(
            path, json={"key": _sent(self.pair)} | body, headers=proof | headers
        )

    async def claim(self, proof: dict[str, str]) -> Any:
        return await self.ask("/api/claims", proof)

    def unwrap(self, answer: dict[str, Any]) -> bytes:
        """The data key; `InvalidTag` when it was wrapped for anybody else."""
        where = f"{self.owner}\n{answer['dossier']}\n{self.device}"
        info = f"doibang/1\nclaim\n{where}".encode()
        return SUITE.decrypt(sealing.unb64u(answer["wrapped"]), self.pair, info)

    async def taken(self, paper: Paper, proof: dict[str, str]) -> Paper:
        """The paper as this device holds it: it opens only with the key that it was given."""
        answer = await self.claim(proof)
        assert answer.status_code == 200, answer.text
        assert answer.json()["dossier"] == paper.dossier
        return replace(paper, key=self.unwrap(answer.json()))

    async def documents(self, dossier: str) -> set[str]:
        """The `_id`s of what lies here of a dossier."""
        answer = await self.client.get(f"{self.database}/_all_docs", headers=self.bearer)
        return {row["id"] for row in answer.json()["rows"] if dossier in row["id"]}


@dataclass
class Point:
    """One intake point's server, its clerk `hoa` and colleague `lan`, and a clerk elsewhere."""

    parts: Parts
    client: AsyncClient

    @property
    def clock(self) -> Clock:
        assert isinstance(self.parts.clock, Clock)
        return self.parts.clock

    async def vault(self) -> Vault:
        vault = Vault(self.client, self.parts.clock)
        await vault.enrol()
        return vault

    async def clerk(self, name: str, point: str = "bn-08") -> tuple[Account, str]:
        """An account and the cookie of a fresh session of it."""
        account = Account(name.encode().hex().ljust(32, "0"), "clerk", name, point)

        def enter(conn: Any) -> str:
            if people.account(conn, account.id) is None:
                people.create_account(conn, account, self.clock())
            return self.parts.sessions.start(conn, account)[0]

        token = await self.parts.record.run(enter)
        return account, f"{self.parts.sessions.cookie_name('clerk')}={token}"

    async def tablet(self, name: str, point: str = "bn-08") -> tuple[Vault, Account, str]:
        """A clerk's own vault on a tablet, adopted, with the cookie of their session."""
        account, cookie = await self.clerk(name, point)
        vault = await self.vault()
        adopt = people.adopt
        assert await self.parts.record.run(lambda conn: adopt(conn, vault.owner, account.id))
        return vault, account, cookie

    async def compose(self, vault: Vault, helper: Account | None = None, **answers: Any) -> Paper:
        said = Said()
        if helper:
            said = Said(helper={"account": helper.id, "point": "bn-08", "confirmation": "present"})
        return await vault.compose(ANSWERS | answers, PICTURES, said)

    async def begun(self, vault: Vault, **answers: Any) -> Paper:
        """A draft in the middle: its text and its photos are here, nothing was sent."""
        paper = await self.compose(vault, **answers)
        assert await vault.push([paper.draft]) == {}
        assert await vault.push_chunks(paper) == {}
        return paper

    async def sent(self, vault: Vault, helper: Account | None = None, **answers: Any) -> Paper:
        paper = await self.compose(vault, helper, **answers)
        assert await vault.send(paper) == {}
        await self.work()
        return paper

    async def code(self, vault: Vault, paper: Paper, kind: str = "hand_over", **said: Any) -> Code:
        """A code that the server knows."""
        code = Code()
        assert await vault.push([request(paper, code, kind, **said)]) == {}
        await self.work()
        return code

    async def work(self) -> None:
        await self.parts.worker.run_once()

    async def status(self, vault: Vault, paper: Paper) -> Status:
        found = await vault.status(paper)
        assert found is not None
        return found


@asynccontextmanager
async def intake_point(folder: Path, stores: str = "embedded") -> AsyncIterator[Point]:
    """`stores`: embedded, or `beyond` one machine: CouchDB and PostgreSQL, where they are named."""
    with ExitStack() as opened:
        settings: dict[str, Any] = {}
        if stores == "beyond":
            there = opened.enter_context(couchdb(folder / "couchdb-credentials"))
            settings = {
                "documents": there["DOIBANG_DOCUMENTS"],
                "couchdb_credentials": Path(there["DOIBANG_COUCHDB_CREDENTIALS"]),
                "record_url": opened.enter_context(fresh_postgresql()),
            }
        async with _serving(build(folder, sandbox=False, **settings)) as point:
            yield point


@asynccontextmanager
async def _serving(parts: Parts) -> AsyncIterator[Point]:
    transport = ASGITransport(application(parts))
    async with AsyncClient(transport=transport, base_url=parts.settings.origin) as client:
        try:
            yield Point(parts, client)
        finally:
            await parts.close()
