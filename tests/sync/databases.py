"""A database with everything that replication has to carry, and all of one in a form to compare."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import quote

import httpx2

PHOTO = bytes(range(256)) * 300
JPEG = {"content-type": "image/jpeg"}
TEXT = {"content-type": "text/plain; charset=utf-8"}


def fill(http: httpx2.Client, db: str) -> None:
    """Edits, conflicts, deletions; attachments that are zipped, replaced, removed. None is empty:
    the replicator of CouchDB 3.4 waits five minutes for one, also between two CouchDBs."""
    docs = [{"_id": f"d{n}", "n": n, "text": "Trần Thị Đào"} for n in range(150)]
    rows = http.post(f"/{db}/_bulk_docs", json={"docs": docs}).json()
    revs = {row["id"]: row["rev"] for row in rows}
    http.delete(f"/{db}/d1", params={"rev": revs["d1"]}).raise_for_status()
    put(http, f"/{db}/d2?rev={revs['d2']}", b'{"edited":true}', {})
    put(http, f"/{db}/{quote('a/đ +?', safe='')}", b'{"n":1.5,"m":1e3}', {})
    put(http, f"/{db}/_design/app", b'{"language":"javascript"}', {})
    put(http, f"/{db}/_local/checkpoint", b'{"stays":"here"}', {})
    conflict = [
        {"_id": "c", "_revisions": {"start": 2, "ids": ["b", "a"]}, "n": 2},
        {"_id": "c", "_revisions": {"start": 2, "ids": ["c", "a"]}, "n": 3},
        {"_id": "c", "_revisions": {"start": 3, "ids": ["x", "y", "a"]}, "_deleted": True},
    ]
    body = {"docs": conflict, "new_edits": False}
    http.post(f"/{db}/_bulk_docs", json=body).raise_for_status()
    rev = put(http, f"/{db}/p/photo.jpg", PHOTO, JPEG)
    rev = put(http, f"/{db}/p/{quote('ảnh 1.txt')}?rev={rev}", b"text " * 5000, TEXT)
    rev = put(http, f"/{db}/p/gone?rev={rev}", b"x", JPEG)
    rev = put(http, f"/{db}/p/photo.jpg?rev={rev}", PHOTO[::-1], JPEG)
    http.delete(f"/{db}/p/gone", params={"rev": rev}).raise_for_status()


def change(http: httpx2.Client, db: str, name: str) -> None:
    """Somebody works on what is there: an edit that keeps the attachments, new ones, a deletion."""
    photo = http.get(f"/{db}/p").json()
    photo["by"] = name
    http.put(f"/{db}/p", json=photo).raise_for_status()
    doc = http.get(f"/{db}/d3").json()
    http.put(f"/{db}/d3", json=doc | {"by": name}).raise_for_status()
    gone = http.get(f"/{db}/d4").json()["_rev"]
    http.delete(f"/{db}/d4", params={"rev": gone}).raise_for_status()
    put(http, f"/{db}/new-{name}/photo.jpg", PHOTO + name.encode(), JPEG)


def put(http: httpx2.Client, path: str, data: bytes, headers: dict[str, str]) -> str:
    answer = http.put(path, content=data, headers=headers)
    assert answer.status_code == 201, answer.text
    rev: str = answer.json()["rev"]
    return rev


def whole(http: httpx2.Client, db: str) -> dict[str, list[dict[str, Any]]]:
    """Every leaf of every document with its history and its attachments' bytes, read one by one.
    Digests are left out: one store zips text, the other does not."""
    found: dict[str, list[dict[str, Any]]] = {}
    params = {"style": "all_docs"}
    for row in http.get(f"/{db}/_changes", params=params).json()["results"]:
        doc_id = row["id"]
        path = f"/{db}/{doc_id if doc_id.startswith('_') else quote(doc_id, safe='')}"
        leaves = http.get(path, params={"open_revs": "all", "revs": "true"}).json()
        assert {leaf["ok"]["_rev"] for leaf in leaves} == {each["rev"] for each in row["changes"]}
        found[doc_id] = [_leaf(http, path, leaf["ok"]) for leaf in leaves]
        found[doc_id].sort(key=lambda leaf: str(leaf["_rev"]))
    return found


def _leaf(http: httpx2.Client, path: str, leaf: dict[str, Any]) -> dict[str, Any]:
    for name, meta in leaf.get("_attachments", {}).items():
        answer = http.get(f"{path}/{quote(name)}", params={"rev": leaf["_rev"]})
        assert answer.status_code == 200 and len(answer.content) == meta["length"]
        del meta["digest"]
        meta["data"] = b64encode(answer.content).decode()
    return leaf
