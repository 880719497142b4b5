"""`python -m sync serve`: its command line, kill -9, broken connections, independent clients."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.sync.conftest import ROOT, Served

POUCHDB = ROOT / "pwa" / "node_modules" / "pouchdb"
Start = Callable[[], Served]


def client(served: Served) -> httpx2.Client:
    return httpx2.Client(base_url=served.url, auth=served.auth, timeout=60)


def test_help_and_wrong_arguments() -> None:
    command = [sys.executable, "-m", "sync"]
    shown = subprocess.run([*command, "serve", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert shown.returncode == 0 and "--user NAME:PASSWORD" in shown.stdout
    bad = [*command, "serve", "--data", "/tmp/x", "--user", "nopassword"]
    refused = subprocess.run(bad, cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode == 2 and "NAME:PASSWORD" in refused.stderr


def test_password_and_clean_end(serve: Start) -> None:
    served = serve()
    assert httpx2.get(served.url).status_code == 401
    assert httpx2.get(served.url, auth=("post", "wrong")).status_code == 401
    with client(served) as http:
        assert http.put("/db").status_code == 201
        assert http.get("/").json()["couchdb"] == "Welcome"
    assert served.stop() == 0
    with client(serve()) as http:
        assert http.get("/db").status_code == 200


def test_two_servers_do_not_share_a_folder(serve: Start, tmp_path: Path) -> None:
    serve()
    command = [sys.executable, "-m", "sync", "serve", "--port", "0", "--user", "a:b"]
    second = subprocess.run(
        [*command, "--data", str(tmp_path / "served")], cwd=ROOT, capture_output=True, text=True
    )
    assert second.returncode == 1 and "Another process" in second.stderr


@pytest.mark.parametrize("after", [5, 23, 61])
def test_kill_9_loses_nothing_that_was_acknowledged(serve: Start, after: int) -> None:
    """Four writers; the process is killed after so many answers, in the middle of others."""
    served = serve()
    acknowledged: dict[str, bytes] = {}
    enough = threading.Event()

    def write(worker: int) -> None:
        with client(served) as http:
            for number in range(10_000):
                data = f"{worker}-{number}-".encode() * 400
                doc_id = f"d{worker}-{number}"
                try:
                    answer = http.put(f"/db/{doc_id}/photo", content=data)
                except httpx2.TransportError:
                    return
                assert answer.status_code == 201
                acknowledged[doc_id] = data
                if len(acknowledged) >= after:
                    enough.set()

    with client(served) as http:
        http.put("/db")
    threads = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    assert enough.wait(90)
    served.kill()
    for thread in threads:
        thread.join()
    with client(serve()) as http:
        for doc_id, data in acknowledged.items():
            assert http.get(f"/db/{doc_id}/photo").content == data
        rows = http.get("/db/_changes").json()["results"]
        assert len(rows) >= len(acknowledged)
        for row in rows:  # nothing torn, not even what was not acknowledged
            assert http.get(f"/db/{row['id']}/photo").status_code == 200


def test_what_was_whole_when_the_connection_broke_is_kept(serve: Start) -> None:
    served = serve()
    docs = [
        {
            "_id": f"d{n}",
            "_rev": "1-a",
            "_revisions": {"start": 1, "ids": ["a"]},
            "_attachments": {"x": {"data": "QUFB" * 20_000}},
        }
        for n in range(10)
    ]
    body = json.dumps({"docs": docs, "new_edits": False}).encode()
    with client(served) as http:
        http.put("/db")
        request = http.build_request("POST", "/db/_bulk_docs", content=body)
        address = (request.url.host, request.url.port)
        authorization = next(iter(http.auth.sync_auth_flow(request))).headers["authorization"]  # type: ignore[union-attr]
        head = (
            f"POST /db/_bulk_docs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
            f"authorization: {authorization}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(address) as connection:
            connection.sendall(head.encode() + body[: int(len(body) * 0.65)])
        seen: list[Any] = []
        while len(seen) < 6:  # the server works on what came while the feed waits for it
            seen = http.get("/db/_changes").json()["results"]
            if len(seen) < 6:
                since = http.get("/db").json()["update_seq"]
                http.get(
                    "/db/_changes", params={"feed": "longpoll", "since": since, "timeout": 500}
                )
        assert sorted(row["id"] for row in seen) == [f"d{n}" for n in range(6)]
        asked = {doc["_id"]: ["1-a"] for doc in docs}
        missing = http.post("/db/_revs_diff", json=asked).json()
        assert sorted(missing) == ["d6", "d7", "d8", "d9"]


def test_a_replicator_may_send_each_document_by_itself_all_at_once(serve: Start) -> None:
    """As PouchDB's own tests do: none of a hundred is told to come again."""
    served = serve()
    with client(served) as http, ExitStack() as opened:
        assert http.put("/db").status_code == 201
        request = http.build_request("GET", "/")
        address = (request.url.host, request.url.port)
        authorization = next(iter(http.auth.sync_auth_flow(request))).headers["authorization"]  # type: ignore[union-attr]
        waiting = [opened.enter_context(socket.create_connection(address)) for _ in range(100)]
        for n, connection in enumerate(waiting):
            connection.sendall(
                f"PUT /db/d{n} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
                f"authorization: {authorization}\r\ncontent-length: 2\r\n\r\n{{".encode()
            )
        assert http.get("/").status_code == 200  # the heads that came before it are taken in
        for connection in waiting:
            connection.sendall(b"}")
        answers = [connection.recv(12) for connection in waiting]
    assert set(answers) == {b"HTTP/1.1 201"}


@pytest.mark.skipif(not POUCHDB.exists(), reason="pwa/node_modules is not installed")
def test_pouchdb_replicates_both_ways(serve: Start) -> None:
    served = serve()
    script = ROOT / "tests" / "sync" / "pouchdb.mjs"
    ran = subprocess.run(
        ["node", str(script), str(POUCHDB), served.url_with_user],
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.strip().endswith("all equal")


def test_couchdb_python(serve: Start) -> None:
    served = serve()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package is from 2018
        import couchdb

        server = couchdb.Server(served.url_with_user)
        assert server.version().startswith("3.")
        db = server.create("py")
        assert "py" in server and list(server) == ["py"]
        doc_id, rev = db.save({"_id": "a", "name": "Vạn Ninh"})
        document = db[doc_id]
        assert document["name"] == "Vạn Ninh" and document.rev == rev
        db.put_attachment(document, b"\xff\xd8photo", "p.jpg", "image/jpeg")
        with db.get_attachment("a", "p.jpg") as attachment:
            assert attachment.read() == b"\xff\xd8photo"
        document = db["a"]
        document["name"] = "x"
        db.save(document)
        with pytest.raises(couchdb.http.ResourceConflict):
            db.save({"_id": "a"})
        done = db.update([{"_id": "b"}, {"_id": "c"}])
        assert all(ok for ok, _, _ in done)
        assert sorted(db) == ["a", "b", "c"] and len(db) == 3
        changes = db.changes(since=0)
        assert [row["id"] for row in changes["results"]] == ["a", "b", "c"]
        assert [row.id for row in db.view("_all_docs", limit=2)] == ["a", "b"]
        db.delete(db["b"])
        assert "b" not in db and db.get("b") is None
        assert db.purge([db["c"]])["purged"]
        db.compact()
        server.delete("py")
        with pytest.raises(couchdb.http.ResourceNotFound):
            server["py"]
