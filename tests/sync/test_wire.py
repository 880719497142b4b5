"""CouchDB's protocol, request by request, in process."""

from __future__ import annotations

import asyncio
import gzip
import json
from base64 import b64encode
from hashlib import md5
from typing import Any

import httpx2
import pytest

from sync.engine import put
from sync.gate import OpenGate
from sync.limits import Limits
from sync.sqlite_engine import SqliteEngine
from sync.wire import Wire
from tests.sync.conftest import client

pytestmark = pytest.mark.anyio
PHOTO = bytes(range(256)) * 9


def inline(data: bytes, **more: object) -> dict[str, object]:
    return {"content_type": "image/jpeg", "data": b64encode(data).decode(), **more}


def digest(data: bytes) -> str:
    return "md5-" + b64encode(md5(data).digest()).decode()


def refused(answer: httpx2.Response, status: int, error: str) -> None:
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert answer.json()["reason"]


async def make(http: httpx2.AsyncClient, doc_id: str, **body: object) -> str:
    answer = await http.put(f"/db/{doc_id}", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["rev"])


async def replicate(http: httpx2.AsyncClient, *docs: dict[str, Any]) -> list[Any]:
    answer = await http.post("/db/_bulk_docs", json={"docs": docs, "new_edits": False})
    assert answer.status_code == 201, answer.text
    return list(answer.json())


async def test_server(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/")).json()["couchdb"] == "Welcome"
    assert (await http.get("/_up")).json()["status"] == "ok"
    assert (await http.get("/_all_dbs")).json() == ["db"]
    refused(await http.get("/_node/_local"), 501, "not_implemented")
    refused(await http.post("/_replicate", json={}), 501, "not_implemented")
    refused(await http.put("/_up"), 405, "method_not_allowed")


async def test_database(http: httpx2.AsyncClient) -> None:
    made = await http.put("/a%2Fb")
    assert (made.status_code, made.json()) == (201, {"ok": True})
    assert made.headers["location"] == "http://sync/a%2Fb"
    refused(await http.put("/a%2Fb"), 412, "file_exists")
    refused(await http.put("/Bad"), 400, "illegal_database_name")
    info = (await http.get("/a%2Fb")).json()
    assert info["db_name"] == "a/b" and info["doc_count"] == 0
    head = await http.head("/a%2Fb")
    assert head.status_code == 200 and head.content == b""
    assert (await http.delete("/a%2Fb")).json() == {"ok": True}
    for method in ("GET", "HEAD", "DELETE"):
        assert (await http.request(method, "/a%2Fb")).status_code == 404
    missing = await http.get("/a%2Fb")
    assert missing.json() == {"error": "not_found", "reason": "Database does not exist."}
    refused(await http.patch("/db"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "_bulk_docs"),
        ("POST", "_revs_diff"),
        ("POST", "_bulk_get"),
        ("GET", "_changes"),
        ("GET", "_changes?feed=longpoll"),
        ("GET", "_all_docs"),
        ("GET", "d"),
        ("PUT", "d"),
        ("DELETE", "d?rev=1-a"),
        ("GET", "d/a"),
        ("GET", "_local/x"),
        ("PUT", "_local/x"),
    ],
)
async def test_every_request_of_a_missing_database(
    http: httpx2.AsyncClient, method: str, path: str
) -> None:
    body: dict[str, Any] = {"docs": [{"id": "x", "_id": "x"}]}
    if path == "_revs_diff":
        body = {"x": ["1-a"]}
    sent = {"json": body} if method in ("POST", "PUT") else {}
    answer = await http.request(method, f"/none/{path}", **sent)  # type: ignore[arg-type]
    assert answer.json() == {"error": "not_found", "reason": "Database does not exist."}
    assert answer.status_code == 404


async def test_document_put_get_delete(http: httpx2.AsyncClient) -> None:
    made = await http.put("/db/a%2Fb%C4%91", json={"n": 1})
    rev = made.json()["rev"]
    assert made.status_code == 201 and made.headers["etag"] == f'"{rev}"'
    assert made.headers["location"] == "http://sync/db/a%2Fb%C4%91"
    found = await http.get("/db/a%2Fb%C4%91")
    assert found.json() == {"_id": "a/bđ", "_rev": rev, "n": 1}
    same = await http.get("/db/a%2Fb%C4%91", headers={"if-none-match": f'"{rev}"'})
    assert same.status_code == 304
    refused(await http.put("/db/a%2Fb%C4%91", json={}), 409, "conflict")
    refused(await http.delete("/db/a%2Fb%C4%91"), 409, "conflict")
    gone = await http.delete("/db/a%2Fb%C4%91", headers={"if-match": f'"{rev}"'})
    assert gone.status_code == 200
    assert (await http.get("/db/a%2Fb%C4%91")).json()["reason"] == "deleted"
    tombstone = await http.get("/db/a%2Fb%C4%91", params={"rev": gone.json()["rev"]})
    assert tombstone.json()["_deleted"] is True
    assert (await http.get("/db/never")).json() == {"error": "not_found", "reason": "missing"}
    refused(await http.delete("/db/never?rev=1-a"), 404, "not_found")
    assert (await http.put("/db/x", json={"_id": "y"})).json()["id"] == "x"
    refused(await http.put("/db/x", json={"_nonsense": 1}), 400, "doc_validation")
    posted = await http.post("/db", json={"n": 2})
    assert posted.status_code == 201 and len(posted.json()["id"]) == 32


async def test_reading_parameters(http: httpx2.AsyncClient) -> None:
    await replicate(
        http,
        {"_id": "d", "_rev": "2-b", "_revisions": {"start": 2, "ids": ["b", "a"]}, "n": 1},
        {"_id": "d", "_rev": "2-c", "_revisions": {"start": 2, "ids": ["c", "a"]}, "n": 2},
        {
            "_id": "d",
            "_rev": "3-x",
            "_revisions": {"start": 3, "ids": ["x", "y", "a"]},
            "_deleted": True,
        },
    )
    found = (await http.get("/db/d?meta=true&revs=true")).json()
    assert found["_rev"] == "2-c"
    assert found["_conflicts"] == ["2-b"] and found["_deleted_conflicts"] == ["3-x"]
    assert found["_revisions"] == {"start": 2, "ids": ["c", "a"]}
    assert found["_revs_info"] == [
        {"rev": "2-c", "status": "available"},
        {"rev": "1-a", "status": "missing"},
    ]
    every = (await http.get("/db/d?open_revs=all&revs=true")).json()
    assert [row["ok"]["_rev"] for row in every] == ["2-b", "2-c", "3-x"]
    some = (await http.get("/db/d", params={"open_revs": '["2-b","9-z"]'})).json()
    assert some[0]["ok"]["n"] == 1 and some[1] == {"missing": "9-z"}
    newest = (await http.get("/db/d", params={"rev": "2-y", "latest": "true"})).json()
    assert newest["_rev"] == "3-x"
    refused(await http.get("/db/d?rev=1-a"), 404, "not_found")


async def test_bulk_docs_of_an_editor(http: httpx2.AsyncClient) -> None:
    rev = await make(http, "old", n=1)
    answer = await http.post(
        "/db/_bulk_docs", json={"docs": [{"_id": "a"}, {"n": 2}, {"_id": "old"}]}
    )
    assert answer.status_code == 201
    first, second, third = answer.json()
    assert first["ok"] and second["ok"] and len(second["id"]) == 32
    assert third == {"id": "old", "error": "conflict", "reason": "Document update conflict."}
    local = {"docs": [{"_id": "_local/l", "n": 1}]}
    gone = {"docs": [{"_id": "_local/l", "_rev": "0-1", "_deleted": True}]}
    assert (await http.post("/db/_bulk_docs", json=local)).json()[0]["rev"] == "0-1"
    assert (await http.post("/db/_bulk_docs", json=gone)).json()[0]["rev"] == "0-0"
    refused(await http.get("/db/_local/l"), 404, "not_found")
    ill_named = {"docs": [{"_id": "never"}, {"_id": "_no"}]}
    refused(await http.post("/db/_bulk_docs", json=ill_named), 400, "illegal_docid")
    assert (await http.get("/db/never")).status_code == 404
    deleted = {"_id": "old", "_rev": rev, "_deleted": True}
    assert (await http.post("/db/_bulk_docs", json={"docs": [deleted]})).json()[0]["ok"]


async def test_bulk_docs_of_a_replicator(http: httpx2.AsyncClient) -> None:
    photo = {"_id": "p", "_rev": "1-a", "_attachments": {"x": inline(PHOTO)}}
    assert await replicate(http, photo, {"_id": "q", "_rev": "3-c"}) == []
    found = await http.get("/db/p?attachments=true")
    assert found.json()["_attachments"]["x"]["digest"] == digest(PHOTO)
    assert found.json()["_attachments"]["x"]["data"] == inline(PHOTO)["data"]
    wrong = {"_id": "w", "_rev": "1-a", "_attachments": {"x": inline(b"z", digest=digest(PHOTO))}}
    (refusal,) = await replicate(http, wrong, {"_id": "r", "_rev": "1-a"})
    assert (refusal["id"], refusal["error"]) == ("w", "content_md5_mismatch")
    assert (await http.get("/db/r")).status_code == 200
    no_rev = await http.post("/db/_bulk_docs", json={"docs": [{"_id": "n"}], "new_edits": False})
    refused(no_rev, 400, "bad_request")


async def test_new_edits_false_also_before_the_documents(http: httpx2.AsyncClient) -> None:
    docs = b'[ {"_id":"d","_rev":"5-e"} , {"_id":"e","_rev":"1-a"}]'
    body = b' { "new_edits" : false , "docs" : ' + docs + b" } "
    answer = await http.post("/db/_bulk_docs", content=body, headers=JSON)
    assert (answer.status_code, answer.json()) == (201, [])
    assert (await http.get("/db/d")).json()["_rev"] == "5-e"


JSON = {"content-type": "application/json"}


async def test_gzip_bodies(http: httpx2.AsyncClient) -> None:
    zipped = gzip.compress(b'{"docs":[{"_id":"z"}]}')
    headers = {**JSON, "content-encoding": "gzip"}
    answer = await http.post("/db/_bulk_docs", content=zipped, headers=headers)
    assert answer.status_code == 201 and answer.json()[0]["ok"]
    for torn in (zipped[:-9], b"nonsense"):
        refused(
            await http.post("/db/_bulk_docs", content=torn, headers=headers), 400, "bad_request"
        )


async def test_revs_diff_and_missing_revs(http: httpx2.AsyncClient) -> None:
    await replicate(
        http, {"_id": "d", "_rev": "2-b", "_revisions": {"start": 2, "ids": ["b", "a"]}}
    )
    asked = {"d": ["2-b", "3-c"], "e": ["1-x"]}
    assert (await http.post("/db/_revs_diff", json=asked)).json() == {
        "d": {"missing": ["3-c"], "possible_ancestors": ["2-b"]},
        "e": {"missing": ["1-x"]},
    }
    answer = await http.post("/db/_missing_revs", json=asked)
    assert answer.json() == {"missing_revs": {"d": ["3-c"], "e": ["1-x"]}}


async def test_bulk_get(http: httpx2.AsyncClient) -> None:
    rev = await make(http, "d", n=1, _attachments={"x": inline(PHOTO)})
    asked = {"docs": [{"id": "d", "rev": rev}, {"id": "d", "rev": "7-x"}, {"id": "e"}]}
    answer = await http.post("/db/_bulk_get?revs=true&latest=true", json=asked)
    first, second, third = answer.json()["results"]
    document = first["docs"][0]["ok"]
    assert document["_attachments"]["x"]["stub"] and document["_revisions"]["start"] == 1
    assert second["docs"][0]["error"]["reason"] == "missing"
    assert third["docs"][0]["error"]["error"] == "not_found"
    whole = await http.post("/db/_bulk_get?attachments=true", json={"docs": [{"id": "d"}]})
    attachment = whole.json()["results"][0]["docs"][0]["ok"]["_attachments"]["x"]
    assert attachment["data"] == inline(PHOTO)["data"]


async def test_attachments(http: httpx2.AsyncClient) -> None:
    rev = await make(http, "d", _attachments={"a b/c": inline(PHOTO)})
    found = await http.get("/db/d/a%20b/c", params={"rev": rev})
    assert found.content == PHOTO and found.headers["content-type"] == "image/jpeg"
    assert found.headers["etag"] == f'"{digest(PHOTO)[4:]}"'
    assert found.headers["x-content-type-options"] == "nosniff"
    added = await http.put(
        f"/db/d/t?rev={rev}", content=b"text", headers={"content-type": "text/plain"}
    )
    assert added.status_code == 201
    second = added.json()["rev"]
    assert set((await http.get("/db/d")).json()["_attachments"]) == {"a b/c", "t"}
    refused(await http.put("/db/d/t", content=b"x"), 409, "conflict")
    refused(await http.delete(f"/db/d/none?rev={second}"), 404, "not_found")
    assert (await http.delete(f"/db/d/t?rev={second}")).status_code == 200
    refused(await http.get("/db/d/t"), 404, "not_found")
    assert (await http.put("/db/new/file", content=b"1")).status_code == 201
    wrong = {"content-md5": "AAAAAAAAAAAAAAAAAAAAAA=="}
    torn = await http.put("/db/new2/file", content=b"1", headers=wrong)
    refused(torn, 400, "content_md5_mismatch")


def related(document: dict[str, Any], *parts: bytes, end: bytes = b"--") -> bytes:
    body = b"--xyz\r\ncontent-type: application/json\r\n\r\n" + json.dumps(document).encode()
    for part in parts:
        body += b"\r\n--xyz\r\n\r\n" + part
    return body + b"\r\n--xyz" + end


RELATED = {"content-type": 'multipart/related;boundary="xyz"'}


def following(data: bytes) -> dict[str, object]:
    return {
        "follows": True,
        "content_type": "image/jpeg",
        "length": len(data),
        "digest": digest(data),
    }


async def test_multipart_related(http: httpx2.AsyncClient) -> None:
    attachments = {"a": following(PHOTO), "b": following(b"\r\n--xy\r\n")}
    document = {
        "_id": "m",
        "_rev": "2-b",
        "_revisions": {"start": 2, "ids": ["b", "a"]},
        "_attachments": attachments,
    }
    answer = await http.put(
        "/db/m?new_edits=false", content=related(document, PHOTO, b"\r\n--xy\r\n"), headers=RELATED
    )
    assert (answer.status_code, answer.json()["rev"]) == (201, "2-b"), answer.text
    assert (await http.get("/db/m/a?rev=2-b")).content == PHOTO
    assert (await http.get("/db/m/b")).content == b"\r\n--xy\r\n"


@pytest.mark.parametrize(
    ("error", "body"),
    [
        ("bad_request", related({"_attachments": {"a": following(PHOTO)}}, PHOTO, end=b"")),
        ("bad_request", related({"_attachments": {"a": following(PHOTO)}})),
        ("bad_request", related({"_attachments": {"a": following(PHOTO)}}, PHOTO[:-1])),
        ("bad_request", related({}, PHOTO)),
        ("bad_request", b""),
        ("bad_request", b"--xyz--"),
        ("bad_request", b"--xyz\r\n\r\n{nonsense\r\n--xyz--"),
        ("bad_request", b"--other\r\n\r\n{}\r\n--other--"),
        (
            "content_md5_mismatch",
            related({"_attachments": {"a": following(PHOTO)}}, b"z" * len(PHOTO)),
        ),
    ],
)
async def test_bad_multipart(http: httpx2.AsyncClient, error: str, body: bytes) -> None:
    refused(await http.put("/db/m", content=body, headers=RELATED), 400, error)
    refused(await http.get("/db/m"), 404, "not_found")


async def test_local_documents(http: httpx2.AsyncClient) -> None:
    first = await http.put("/db/_local/a%2Fb", json={"seq": 1})
    assert (first.status_code, first.json()["rev"]) == (201, "0-1")
    second = await http.put("/db/_local/a%2Fb", json={"seq": 2, "_rev": "0-1"})
    assert second.json() == {"ok": True, "id": "_local/a/b", "rev": "0-2"}
    found = (await http.get("/db/_local/a%2Fb")).json()
    assert found == {"_id": "_local/a/b", "_rev": "0-2", "seq": 2}
    refused(await http.put("/db/_local/x", json={"_rev": "1-abc"}), 400, "bad_request")
    assert (await http.delete("/db/_local/a%2Fb")).status_code == 200
    refused(await http.get("/db/_local/a%2Fb"), 404, "not_found")


async def test_changes(http: httpx2.AsyncClient) -> None:
    for name in "abc":
        await make(http, name, n=name)
    whole = (await http.get("/db/_changes?include_docs=true")).json()
    assert [row["doc"]["n"] for row in whole["results"]] == ["a", "b", "c"]
    assert whole["pending"] == 0
    none = (await http.get("/db/_changes?limit=0")).json()
    assert none["results"] == [] and none["pending"] == 3
    page = (await http.get("/db/_changes?limit=1")).json()
    assert [row["id"] for row in page["results"]] == ["a"] and page["pending"] == 2
    after = (await http.get("/db/_changes", params={"since": page["last_seq"]})).json()
    assert [row["id"] for row in after["results"]] == ["b", "c"]
    back = (await http.get("/db/_changes?descending=true&limit=1")).json()
    assert [row["id"] for row in back["results"]] == ["c"]
    now = (await http.get("/db/_changes?since=now")).json()
    assert now["results"] == [] and now["last_seq"] == whole["last_seq"]
    chosen = await http.post("/db/_changes?filter=_doc_ids", json={"doc_ids": ["b"]})
    assert [row["id"] for row in chosen.json()["results"]] == ["b"]


async def test_a_filter_that_is_not_there_is_not_found(http: httpx2.AsyncClient) -> None:
    """Those that are there need JavaScript."""
    design = {"filters": {"mine": "f"}, "views": {"all": {"map": "f"}}}
    refused(await http.get("/db/_changes?filter=app/mine"), 404, "not_found")
    await make(http, "_design/app", **design)
    refused(await http.get("/db/_changes?filter=app/mine"), 501, "not_implemented")
    missing = await http.get("/db/_changes?filter=app/yours")
    refused(missing, 404, "not_found")
    assert missing.json()["reason"] == "missing json key: yours"
    refused(await http.get("/db/_changes?filter=mine"), 400, "bad_request")
    refused(await http.get("/db/_changes?filter=_mine/all"), 400, "bad_request")
    refused(await http.get("/db/_changes?filter=_view"), 400, "bad_request")
    refused(await http.get("/db/_changes?filter=_view&view=app/all"), 501, "not_implemented")
    refused(await http.get("/db/_changes?filter=_view&view=app/none"), 404, "not_found")


async def test_what_a_replicator_notes_in_a_document_is_kept(http: httpx2.AsyncClient) -> None:
    noted = {"_replication_id": "r", "_replication_state": "triggered", "_replication_stats": {}}
    await make(http, "r", **noted)
    found = (await http.get("/db/r")).json()
    assert {name: found[name] for name in noted} == noted
    refused(await http.put("/db/s", json={"_replication": 1}), 400, "doc_validation")


async def test_an_editors_new_bytes_have_a_new_revpos(http: httpx2.AsyncClient) -> None:
    """Whatever `revpos` the editor read and sent back."""
    first = await make(http, "p", _attachments={"x": inline(b"one")})
    changed = {"_rev": first, "_attachments": {"x": inline(b"two", revpos=1)}}
    assert (await http.put("/db/p", json=changed)).status_code == 201
    assert (await http.get("/db/p")).json()["_attachments"]["x"]["revpos"] == 2
    refused(await http.get("/db/_changes?feed=nonsense"), 400, "bad_request")
    refused(await http.get("/db/_changes?limit=x"), 400, "bad_request")


async def test_longpoll_waits_for_the_change_after_its_commit(
    http: httpx2.AsyncClient, engine: SqliteEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, wait = asyncio.Event(), engine.wait

    async def noticed(db: str, since: str, seconds: float | None = None) -> bool:
        began.set()
        return await wait(db, since, seconds)

    monkeypatch.setattr(engine, "wait", noticed)
    feed = "/db/_changes?feed=longpoll&since=now&heartbeat=1000"
    waiting = asyncio.create_task(http.get(feed))
    await began.wait()
    rev = await put(engine, "db", "news", {})
    (row,) = (await waiting).json()["results"]
    assert (row["id"], row["changes"]) == ("news", [{"rev": rev}])


async def test_longpoll_beats_and_times_out(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/db/_changes?feed=longpoll&since=now&heartbeat=100&timeout=350")
    assert answer.json()["results"] == []
    assert answer.text.count("\n\n") >= 1


async def test_all_docs(http: httpx2.AsyncClient) -> None:
    for name in "abc":
        await make(http, name, n=name)
    rows = (await http.get("/db/_all_docs", params={"startkey": '"b"', "limit": 1})).json()["rows"]
    assert [row["id"] for row in rows] == ["b"]
    keys = await http.post("/db/_all_docs?include_docs=true", json={"keys": ["c", "zz"]})
    assert keys.json()["rows"][0]["doc"]["n"] == "c"
    assert keys.json()["rows"][1] == {"key": "zz", "error": "not_found"}


async def test_maintenance(http: httpx2.AsyncClient) -> None:
    rev = await make(http, "d", n=1)
    assert (await http.post("/db/_ensure_full_commit", headers=JSON)).status_code == 201
    assert (await http.post("/db/_compact", headers=JSON)).status_code == 202
    answer = await http.post("/db/_purge", json={"d": [rev]})
    assert answer.json()["purged"] == {"d": [rev]}
    assert (await http.get("/db/d")).json()["reason"] == "missing"


@pytest.mark.parametrize("path", ["_design/a/_view/b", "_design/a/_show/b", "_find", "_index"])
async def test_what_is_not_offered_says_so(http: httpx2.AsyncClient, path: str) -> None:
    refused(await http.get(f"/db/{path}"), 501, "not_implemented")


async def test_design_documents_are_only_documents(http: httpx2.AsyncClient) -> None:
    assert (await http.put("/db/_design/a", json={"views": {}})).status_code == 201
    assert (await http.get("/db/_design/a")).json()["_id"] == "_design/a"


async def test_a_terse_answer_to_what_a_replicator_puts(engine: SqliteEngine) -> None:
    async with client(Wire(engine, OpenGate(), Limits(terse=True))) as http:
        put = await http.put("/db/d?new_edits=false", json={"_rev": "1-a"})
        assert put.json() == {"ok": True, "id": "d", "rev": "1-a"}
        assert not {"location", "etag"} & set(put.headers)
        assert {"location", "etag"} <= set((await http.put("/db/e", json={})).headers)
