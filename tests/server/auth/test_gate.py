"""Every rule of the gate, over the wire as a device meets it."""

import base64
import secrets
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from server.auth import gate_rules
from server.auth.sealing import b64u
from server.record import tables
from server.record.tables import bindings, erased, owners, touched
from sync.model import Edit, NewAttachment
from tests.server.surface import Browser, bearer

DOSSIER, PHOTO, OTHER = "a" * 32, "b" * 32, "c" * 32
KEY = {"kid": "0" * 16, "wrapped": b64u(bytes(113))}
SEALED = b64u(bytes(60))


class Phone:
    """One owner's grant, and writing documents as replication does."""

    def __init__(self, caller: Browser) -> None:
        self.caller = caller
        self.secret, asked = caller.enrol()
        self.owner, self.device = asked["owner"], asked["device"]
        self.db = f"/db/drafts-{self.owner}"

    def push(self, *docs: dict[str, Any], new_edits: bool = False) -> list[str]:
        """The reason of each document's refusal, "" where it was taken."""
        answer = self.caller.client.post(
            f"{self.db}/_bulk_docs",
            json={"docs": docs, "new_edits": new_edits},
            headers=bearer(self.secret),
        )
        assert answer.status_code == 201, answer.text
        rows = {row["id"]: row for row in answer.json() if "error" in row}
        assert all(row["error"] == "forbidden" for row in rows.values())
        return [rows[doc["_id"]]["reason"] if doc["_id"] in rows else "" for doc in docs]

    def write(self, doc: dict[str, Any], new_edits: bool = False) -> str:
        [reason] = self.push(doc, new_edits=new_edits)
        return reason

    def get(self, path: str) -> Any:
        return self.caller.get(f"{self.db}/{path}", **bearer(self.secret))

    def draft(self, **change: Any) -> dict[str, Any]:
        doc_id = f"draft:{DOSSIER}:{self.device}"
        return doc(doc_id, schema="draft/1", key=KEY, sealed=SEALED) | change


def doc(doc_id: str, **body: Any) -> dict[str, Any]:
    return {"_id": doc_id, "_rev": f"1-{secrets.token_hex(16)}"} | body


def submission(**change: Any) -> dict[str, Any]:
    photos = [{"id": PHOTO, "chunks": ["d" * 64]}]
    doc_id = f"submission:{DOSSIER}:{secrets.token_hex(16)}"
    body = {"schema": "submission/1", "n": 1, "photos": photos, "key": KEY, "sealed": SEALED}
    return doc(doc_id, **body) | change


def request(**change: Any) -> dict[str, Any]:
    body = {"schema": "request/1", "key": KEY, "sealed": SEALED}
    return doc(f"request:{DOSSIER}:{OTHER}", **body) | change


def chunk(i: int = 0, data: bytes = bytes(100), **change: Any) -> dict[str, Any]:
    attachment = {
        "content_type": "application/octet-stream",
        "data": base64.b64encode(data).decode(),
    }
    body = {"schema": "chunk/1", "count": 3, "_attachments": {"c": attachment}}
    return doc(f"chunk:{DOSSIER}:{PHOTO}:{i}", **body) | change


@pytest.fixture
def phone(caller: Browser) -> Phone:
    return Phone(caller)


def test_a_chunk_that_says_it_is_zipped_is_refused() -> None:
    name = gate_rules.parse(f"chunk:{DOSSIER}:{PHOTO}:0")
    assert name is not None
    body = {"schema": "chunk/1", "count": 3}
    plain = NewAttachment("application/octet-stream", bytes(100))
    zipped = replace(plain, encoding="gzip")
    shapes = [
        gate_rules.shape(Edit(f"chunk:{DOSSIER}:{PHOTO}:0", body, attachments={"c": each}), name)
        for each in (plain, zipped)
    ]
    assert shapes == [None, "bad_shape"]


def test_a_device_writes_its_four_kinds(phone: Phone) -> None:
    assert phone.push(phone.draft(), submission(), chunk(), request()) == [""] * 4
    again = phone.draft(_rev="2-abc", _revisions={"start": 2, "ids": ["abc", "x"]})
    assert phone.write(again) == ""


@pytest.mark.parametrize(
    "doc_id",
    [
        f"draft:{DOSSIER}",
        f"draft:{DOSSIER}:{OTHER}:1",
        f"draft:{'A' * 32}:{OTHER}",
        f"chunk:{DOSSIER}:{PHOTO}",
        f"chunk:{DOSSIER}:{PHOTO}:01",
        f"chunk:{DOSSIER}:{PHOTO}:-1",
        f"chunk:{DOSSIER}:{PHOTO}:100",
        f"submission:{DOSSIER}:{OTHER}\n",
        "name:Nguyễn Thị Hoa",
        "x",
    ],
)
def test_ids_off_the_table(phone: Phone, doc_id: str) -> None:
    assert phone.write(doc(doc_id, schema="draft/1", key=KEY, sealed=SEALED)) == "bad_id"


def test_devices_write_neither_status_nor_each_others_drafts(phone: Phone) -> None:
    assert phone.write(doc(f"status:{DOSSIER}", schema="status/1")) == "not_writable"
    foreign = phone.draft(_id=f"draft:{DOSSIER}:{OTHER}")
    assert phone.write(foreign) == "not_writable"


BAD_SHAPES: list[dict[str, Any]] = [
    submission(name="Nguyễn Thị Hoa"),
    submission(schema="submission/2"),
    submission(n=0),
    submission(n=True),
    submission(n="1"),
    submission(photos={}),
    submission(photos=[{"id": PHOTO}]),
    submission(photos=[{"id": PHOTO, "chunks": []}]),
    submission(photos=[{"id": PHOTO, "chunks": ["D" * 64]}]),
    submission(photos=[{"id": PHOTO, "chunks": ["d" * 64]}] * 2),
    submission(photos=[{"id": PHOTO, "chunks": ["d" * 64], "kind": "portrait"}]),
    submission(key=None),
    submission(key={"kid": "0" * 16, "wrapped": "AAAA"}),
    submission(key=KEY | {"owner": OTHER}),
    submission(sealed=""),
    submission(sealed="<script>"),
    submission(sealed=["a"]),
    submission(_attachments={"c": {"content_type": "text/plain", "data": ""}}),
    request(sealed=None),
    chunk(_attachments={}),
    chunk(_attachments={"d": {"content_type": "application/octet-stream", "data": "AAAA"}}),
    chunk(_attachments={"c": {"content_type": "text/html", "data": "A" * 100}}),
    chunk(data=bytes(28)),
    chunk(count=0),
    chunk(count=65),
    chunk(count=2.0),
    chunk(i=3),
    chunk(name="x.jpg"),
]


def test_bad_shapes_are_refused_one_by_one(phone: Phone) -> None:
    for bad in BAD_SHAPES:
        assert phone.write(bad) == "bad_shape", bad
    assert phone.push(submission(n=0), request()) == ["bad_shape", ""]


def test_a_chunk_has_at_most_32_kib(phone: Phone) -> None:
    assert phone.write(chunk(data=bytes(32_768))) == ""
    answer = phone.caller.client.post(
        f"{phone.db}/_bulk_docs",
        json={"docs": [chunk(1, data=bytes(32_769))], "new_edits": False},
        headers=bearer(phone.secret),
    )
    assert answer.status_code in (201, 413)
    assert "too_large" in answer.text
    assert phone.get(f"chunk:{DOSSIER}:{PHOTO}:1").status_code == 404


@pytest.mark.parametrize("make", [submission, request, chunk])
def test_immutable_documents_have_one_revision(phone: Phone, make: Any) -> None:
    first = make()
    assert phone.write(first) == ""
    assert phone.write(first) == ""  # a resend
    other = first | {"_rev": f"1-{secrets.token_hex(16)}"}
    assert phone.write(other) == "immutable"
    second = first | {
        "_rev": "2-abc",
        "_revisions": {"start": 2, "ids": ["abc", first["_rev"][2:]]},
    }
    assert phone.write(second) == "immutable"
    assert phone.write(make() | {"_id": first["_id"]}, new_edits=True) == "immutable"
    assert phone.get(first["_id"]).json()["_rev"] == first["_rev"]


def gone(first: dict[str, Any], **body: Any) -> dict[str, Any]:
    revisions = {"start": 2, "ids": ["abc", first["_rev"][2:]]}
    doc_id = first["_id"]
    return {"_id": doc_id, "_rev": "2-abc", "_revisions": revisions, "_deleted": True} | body


def test_what_may_be_deleted(phone: Phone) -> None:
    draft, sent, part = phone.draft(), submission(), chunk()
    phone.push(draft, sent, part)
    assert phone.write(gone(sent)) == "immutable"
    assert phone.write(gone(part, name="Nguyễn Thị Hoa")) == "bad_shape"
    assert phone.write(gone(part)) == ""
    assert phone.write(part) == ""  # a late resend brings nothing back
    assert phone.get(part["_id"]).status_code == 404
    assert phone.write(chunk()) == "immutable"
    assert phone.write(gone(draft)) == ""


def test_accepted_chunks_can_be_neither_deleted_nor_replaced(caller: Browser) -> None:
    device, paper = caller.file()
    first = paper.chunks[0].document
    headers = device.bearer | {"content-type": "application/json"}
    edit = {"docs": [gone(first)], "new_edits": False}
    answer = caller.client.post(f"{device.database}/_bulk_docs", json=edit, headers=headers)
    assert answer.json()[0]["reason"] == "immutable"


def test_a_dossier_belongs_to_its_first_owner(caller: Browser) -> None:
    first, second = Phone(caller), Phone(caller)
    assert first.write(first.draft()) == ""
    assert second.write(second.draft()) == "dossier_of_other"
    assert second.push(submission(), chunk(), request()) == ["dossier_of_other"] * 3
    assert first.write(submission()) == ""
    rows = caller.parts.record.now(lambda conn: conn.execute(select(bindings)).mappings().all())
    assert [row["owner"] for row in rows] == [first.owner]


def test_a_refused_document_binds_nothing(caller: Browser) -> None:
    first, second = Phone(caller), Phone(caller)
    assert first.write(submission(n=0)) == "bad_shape"
    assert second.write(submission()) == ""


def test_what_was_erased_is_refused_for_ever(phone: Phone) -> None:
    now = phone.caller.clock()
    phone.caller.parts.record.now(
        lambda conn: conn.execute(insert(erased).values(dossier=DOSSIER, at=now))
    )
    assert phone.push(phone.draft(), submission(), chunk()) == ["erased"] * 3


def test_quota_until_the_first_accepted_submission(phone: Phone) -> None:
    record = phone.caller.parts.record
    limit = phone.caller.parts.settings.limits.quota
    mine = owners.c.owner == phone.owner
    nearly = owners.update().where(mine).values(bytes_received=limit - 150)
    record.now(lambda conn: conn.execute(nearly))
    assert phone.push(chunk(0), chunk(1)) == ["", "quota"]
    assert phone.write(chunk(2)) == "quota"
    lifted = owners.update().where(mine).values(first_accepted_at=phone.caller.clock())
    record.now(lambda conn: conn.execute(lifted))
    assert phone.push(chunk(1), chunk(2)) == ["", ""]


def test_intake_is_told_before_the_acknowledgement(phone: Phone) -> None:
    def waiting() -> list[tuple[str, str]]:
        query = select(touched.c.owner, touched.c.dossier)
        rows = phone.caller.parts.record.now(lambda conn: conn.execute(query).all())
        return [(row.owner, row.dossier) for row in rows]

    phone.write(phone.draft())
    assert waiting() == []
    phone.write(submission(n=0))
    assert waiting() == []
    sent = submission()
    phone.push(chunk(0), chunk(1), sent)
    assert waiting() == [(phone.owner, DOSSIER)]
    offered = select(tables.offered.c.dossier, tables.offered.c.document)
    rows = phone.caller.parts.record.now(lambda conn: conn.execute(offered).all())
    assert [tuple(row) for row in rows] == [(DOSSIER, sent["_id"])]


def test_devices_neither_drop_nor_compact_nor_list(phone: Phone) -> None:
    for method, path in (
        ("DELETE", phone.db),
        ("POST", f"{phone.db}/_compact"),
        ("POST", f"{phone.db}/_purge"),
        ("GET", "/db/_all_dbs"),
    ):
        headers = bearer(phone.secret)
        body: dict[str, str] | None = {} if method == "POST" else None
        answer = phone.caller.client.request(method, path, json=body, headers=headers)
        assert answer.status_code in (403, 404, 405), path
    assert phone.get("").status_code == 200


def test_grants_are_the_only_key(caller: Browser) -> None:
    phone = Phone(caller)
    caller.register()  # a cookie opens nothing here
    for headers in (
        {},
        {"authorization": "Bearer "},
        {"authorization": f"Basic {phone.secret}"},
        {"authorization": f"Bearer {phone.secret}x"},
        {"authorization": "Bearer " + "A" * 43},
    ):
        answer = caller.get(phone.db, **headers)
        assert answer.status_code == 401
        assert answer.json() == {"error": "unauthorized", "reason": "grant_unknown"}


PROBES: list[tuple[str, str, dict[str, list[str]] | None]] = [
    ("GET", "", None),
    ("HEAD", "", None),
    ("PUT", "", None),
    ("DELETE", "", None),
    ("GET", "/_changes", None),
    ("GET", "/_local/x", None),
    ("PUT", "/_local/x", {}),
    ("POST", "/_revs_diff", {}),
    ("POST", "/_bulk_docs", {"docs": []}),
    ("POST", "/_bulk_get", {"docs": []}),
    ("GET", f"/draft:{DOSSIER}:{OTHER}", None),
    ("GET", f"/chunk:{DOSSIER}:{PHOTO}:0/c", None),
    ("PUT", f"/draft:{DOSSIER}:{OTHER}", {}),
]


def test_anothers_database_answers_exactly_as_none(caller: Browser) -> None:
    victim, curious = Phone(caller), Phone(caller)
    victim.push(victim.draft(), chunk())

    def probe(owner: str, method: str, path: str, body: Any) -> tuple[Any, ...]:
        answer = caller.client.request(
            method, f"/db/drafts-{owner}{path}", json=body, headers=bearer(curious.secret)
        )
        headers = {k: v for k, v in answer.headers.items() if k != "date"}
        return answer.status_code, headers, answer.content

    for method, path, body in PROBES:
        theirs = probe(victim.owner, method, path, body)
        assert theirs == probe("0" * 32, method, path, body), (method, path)
        assert theirs[0] == 404
