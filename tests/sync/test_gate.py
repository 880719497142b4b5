"""The gate decides before any store access, per document, and is told before the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from sync.gate import Action
from sync.limits import Limits
from sync.model import Edit, Forbidden, NewAttachment, NotFound, Unauthorized
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire

pytestmark = pytest.mark.anyio


class OwnerGate:
    """The bearer token is the one database that may be touched; `secret:` documents stay hidden."""

    def __init__(self, engine: SqliteEngine) -> None:
        self.engine = engine
        self.told: list[tuple[str, list[str]]] = []
        self.checked: list[tuple[str, bool, list[str]]] = []
        self.broken = False

    async def authorize(self, headers: Mapping[str, str], method: str, db: str | None) -> str:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            raise Unauthorized
        if db is not None and db != token:
            raise NotFound("Database does not exist.")
        return token

    async def administer(self, access: str, action: Action, db: str | None) -> None:
        if action != "create":
            raise Forbidden("Only the server may do this.")

    async def check(self, access: str, db: str, edit: Edit, new_edits: bool) -> str | None:
        hashes = [a.sha256 for a in edit.attachments.values() if isinstance(a, NewAttachment)]
        self.checked.append((edit.id, new_edits, hashes))
        return "only drafts are written here" if edit.id.startswith("status:") else None

    async def accepted(self, access: str, db: str, doc_ids: Sequence[str]) -> None:
        if self.broken:
            raise ConnectionError("the record is away")
        for doc_id in doc_ids:  # durable already
            await self.engine.leaves(db, doc_id)
        self.told.append((db, list(doc_ids)))

    async def visible(self, access: str, db: str, doc_id: str) -> bool:
        return not doc_id.startswith("secret:")


@pytest.fixture
def gate(engine: SqliteEngine) -> OwnerGate:
    return OwnerGate(engine)


@pytest.fixture
def http(engine: SqliteEngine, gate: OwnerGate) -> httpx2.AsyncClient:
    app = Starlette(routes=[Mount("/db", app=Wire(engine, gate, Limits()))])
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url="http://sync/db",
        headers={"authorization": "Bearer db"},
    )


async def test_no_grant_and_another_owner_s_database(http: httpx2.AsyncClient) -> None:
    nobody = await http.get("/db", headers={"authorization": ""})
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    other = {"authorization": "Bearer other"}
    there = await http.get("/db/d", headers=other)
    never = await http.get("/never/d", headers=other)
    assert (there.status_code, there.content) == (never.status_code, never.content)
    assert there.json() == {"error": "not_found", "reason": "Database does not exist."}
    assert (await http.put("/db", headers=other)).status_code == 404


async def test_refusals_are_per_document(http: httpx2.AsyncClient, gate: OwnerGate) -> None:
    docs = [
        {
            "_id": "draft:1",
            "_rev": "1-a",
            "_revisions": {"start": 1, "ids": ["a"]},
            "_attachments": {"x": {"data": "QUFB"}},
        },
        {"_id": "status:1", "_rev": "1-a", "_revisions": {"start": 1, "ids": ["a"]}},
    ]
    answer = await http.post("/db/_bulk_docs", json={"docs": docs, "new_edits": False})
    reason = "only drafts are written here"
    assert answer.json() == [{"id": "status:1", "error": "forbidden", "reason": reason}]
    assert gate.told == [("db", ["draft:1"])]
    ((_, new_edits, (sha256,)), _) = gate.checked
    assert not new_edits and len(sha256) == 64
    single = await http.put("/db/status:2", json={})
    assert (single.status_code, single.json()["reason"]) == (403, reason)
    attached = await http.put("/db/status:2/x", content=b"1")
    assert attached.status_code == 403


async def test_no_acknowledgement_when_the_server_could_not_note_it(
    http: httpx2.AsyncClient, gate: OwnerGate
) -> None:
    gate.broken = True
    answer = await http.put("/db/d?new_edits=false", json={"_rev": "1-a"})
    assert answer.status_code == 500 and "record" not in answer.text
    gate.broken = False
    again = await http.put("/db/d?new_edits=false", json={"_rev": "1-a"})
    assert again.status_code == 201
    assert gate.told == [("db", ["d"])]


async def test_hidden_documents_are_nowhere(http: httpx2.AsyncClient, engine: SqliteEngine) -> None:
    edits = [
        Edit(name, {}, ("1-a",), attachments={"x": NewAttachment("a/b", b"1")})
        for name in ("secret:1", "open:1")
    ]
    await engine.write("db", edits, new_edits=False)
    for path in ("secret:1", "secret:1/x", "secret:1?open_revs=all"):
        assert (await http.get(f"/db/{path}")).json()["reason"] == "missing"
    assert (await http.delete("/db/secret:1")).json()["reason"] == "missing"
    assert [r["id"] for r in (await http.get("/db/_changes")).json()["results"]] == ["open:1"]
    assert [r["id"] for r in (await http.get("/db/_all_docs")).json()["rows"]] == ["open:1"]
    got = await http.post("/db/_bulk_get", json={"docs": [{"id": "secret:1", "rev": "1-a"}]})
    assert got.json()["results"][0]["docs"][0]["error"]["reason"] == "missing"


async def test_administration_is_the_gate_s(http: httpx2.AsyncClient, tmp_path: Path) -> None:
    headers = {"authorization": "Bearer mine"}
    made = await http.put("/mine", headers=headers)
    assert made.status_code == 201
    assert (await http.delete("/mine", headers=headers)).status_code == 403
    assert (await http.get("/_all_dbs")).status_code == 403
    compact = await http.post(
        "/mine/_compact", headers=headers | {"content-type": "application/json"}
    )
    assert compact.status_code == 403
