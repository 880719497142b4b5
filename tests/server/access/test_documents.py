"""What may be written of a dossier, by its state: every kind of document (documents.txt)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import Any

import pytest

from server.auth.gate_rules import KINDS
from tests.server.access.holders import KEY, SEALED, Place, place
from tests.server.access.tables import Row, Table
from tests.server.access.world import Filed, World

DOCUMENTS = Table.read("documents.txt")
TOMBSTONE = {"_deleted": True}


def _chunk(doc_id: str) -> dict[str, Any]:
    data = base64.b64encode(secrets.token_bytes(99)).decode()
    attached = {"content_type": "application/octet-stream", "data": data}
    return _new(doc_id, schema="chunk/1", count=64, _attachments={"c": attached})


def _new(doc_id: str, **body: Any) -> dict[str, Any]:
    return {"_id": doc_id, "_rev": f"1-{secrets.token_hex(16)}"} | body


def _gone(doc_id: str, rev: str) -> dict[str, Any]:
    ids = [secrets.token_hex(16), rev.partition("-")[2]]
    return {
        "_id": doc_id,
        "_rev": f"2-{ids[0]}",
        "_revisions": {"start": 2, "ids": ids},
    } | TOMBSTONE


def _draft(filed: Filed, device: str) -> dict[str, Any]:
    rest = {"schema": "draft/1", "key": KEY, "sealed": SEALED}
    return _new(f"draft:{filed.dossier}:{device}", **rest)


def _submission(filed: Filed, name: str) -> dict[str, Any]:
    photos = [{"id": filed.photo, "chunks": ["d" * 64]}]
    rest = {"schema": "submission/1", "n": 1, "photos": photos, "key": KEY, "sealed": SEALED}
    return _new(f"submission:{filed.dossier}:{name}", **rest)


def _request(filed: Filed) -> dict[str, Any]:
    rest = {"schema": "request/1", "key": KEY, "sealed": SEALED}
    return _new(f"request:{filed.dossier}:{secrets.token_hex(16)}", **rest)


def _sent(filed: Filed) -> tuple[str, str]:
    """Name and revision of the submission that arrived; made up where none did."""
    if filed.paper is None:
        return secrets.token_hex(16), "1-" + "a" * 32
    sent = filed.paper.submission
    return sent["_id"].rpartition(":")[2], sent["_rev"]


def _part(filed: Filed) -> tuple[str, str]:
    """`_id` and revision of a chunk of the photo that arrived."""
    if filed.paper is None:
        return f"chunk:{filed.dossier}:{filed.photo}:0", "1-" + "a" * 32
    first = next(c for c in filed.paper.chunks if c.id.split(":")[2] == filed.photo)
    return first.id, first.rev


WRITTEN: dict[tuple[str, str], Callable[[Filed, str], dict[str, Any]]] = {
    ("draft", "own"): _draft,
    ("draft", "of_another_device"): lambda filed, device: _draft(filed, "e" * 32),
    ("draft", "deleted"): lambda filed, device: _gone(
        f"draft:{filed.dossier}:{device}", "1-" + "a" * 32
    ),
    ("chunk", "new_photo"): lambda filed, device: _chunk(
        f"chunk:{filed.dossier}:{secrets.token_hex(16)}:0"
    ),
    ("chunk", "altered"): lambda filed, device: _chunk(_part(filed)[0]),
    ("chunk", "one_more"): lambda filed, device: _chunk(f"chunk:{filed.dossier}:{filed.photo}:63"),
    ("chunk", "deleted"): lambda filed, device: _gone(*_part(filed)),
    ("submission", "new"): lambda filed, device: _submission(filed, secrets.token_hex(16)),
    ("submission", "altered"): lambda filed, device: _submission(filed, _sent(filed)[0]),
    ("submission", "deleted"): lambda filed, device: _gone(
        f"submission:{filed.dossier}:{_sent(filed)[0]}", _sent(filed)[1]
    ),
    ("request", "new"): lambda filed, device: _request(filed),
    ("status", "forged"): lambda filed, device: _new(
        f"status:{filed.dossier}", schema="status/1", group="closed", code="delivered"
    ),
    ("other", "any"): lambda filed, device: _new(f"note:{filed.dossier}", schema="draft/1"),
}


def test_every_kind_has_its_rows() -> None:
    listed = {row.left for row in DOCUMENTS.rows}
    assert listed == WRITTEN.keys()
    assert {kind for kind, _ in listed} == KINDS.keys() | {"status", "other"}
    assert {kind for kind, what in listed if what == "deleted"} == KINDS.keys() - {"request"}


@pytest.fixture(scope="session")
def stranger(world: World) -> Place:
    return place(world)


@pytest.mark.parametrize("row", DOCUMENTS.rows, ids=lambda row: " ".join(row.left))
def test_what_may_be_written(world: World, stranger: Place, row: Row) -> None:
    """By the owner's device in each state; `new`: of a dossier never heard of; `other`: by somebody
    else's device into its own database, naming the open dossier."""
    make = WRITTEN[row.left[0], row.left[1]]
    found = {}
    for state in row.answers:
        if state == "other":
            filed, device, name = world.filed["open"], stranger.device, stranger.owner
            proof = {"authorization": f"Bearer {stranger.secret}"}
        else:
            filed = Filed(secrets.token_hex(16)) if state == "new" else world.filed[state]
            sender = filed.device or world.filed["open"].device
            assert sender is not None
            device, name, proof = sender.device, sender.owner, sender.bearer
        body = {"docs": [make(filed, device)], "new_edits": False}
        answer = world.ask("POST", f"/db/drafts-{name}/_bulk_docs", proof, body)
        assert answer.status_code == 201, answer.text
        rows = [one["reason"] for one in answer.json() if "error" in one]
        found[state] = rows[0] if rows else "ok"
    assert found == row.answers
