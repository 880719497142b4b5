"""Writers over HTTP that remember what was acknowledged, and can prove that it is still there.

A document is `absent` (never written, or purged), `deleted`, or live with a marker in its body and
perhaps an attachment. One writer owns its documents, so it knows what each must be; what was asked
and not answered when the server died may or may not have happened.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

SIZES = (0, 40, 3_000, 70_000, 300_000)
DOCUMENTS = 10
GONE = (http.client.HTTPException, OSError)


@dataclass(frozen=True)
class State:
    kind: str = "absent"
    marker: int = 0
    photo: str = ""  # SHA-256, "" without one


class Client:
    """One connection that is made again when it broke."""

    def __init__(self, url: str, user: tuple[str, str]) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        token = base64.b64encode(":".join(user).encode()).decode()
        kind = "application/json"
        self._headers = {"authorization": f"Basic {token}", "content-type": kind, "accept": kind}

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        self._connection.request(method, path, data, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def close(self) -> None:
        self._connection.close()


@dataclass
class Writer:
    """`known` is what was acknowledged; `asked` what was asked for and not answered."""

    name: str
    db: str
    rng: random.Random
    known: dict[str, State] = field(default_factory=dict)
    revs: dict[str, str] = field(default_factory=dict)
    asked: dict[str, State] = field(default_factory=dict)
    checkpoint: tuple[int, int] = (0, 0)  # acknowledged, asked
    acknowledged: int = 0
    refused: list[tuple[int, Any]] = field(default_factory=list)
    _count: int = 0
    _photos: list[bytes] = field(default_factory=lambda: [b"the first photo"])

    def step(self, http: Client) -> None:
        """One random request. Raises one of `GONE` where no answer came."""
        self._count += 1
        doc_id = f"{self.name}-{self.rng.randrange(DOCUMENTS)}"
        doing = self.rng.choices(
            [self._put, self._attach, self._bulk, self._local, self._delete, self._purge,
             self._compact],
            [8, 6, 4, 3, 2, 2, 1],
        )[0]  # fmt: skip
        doing(http, doc_id)

    def run(self, http: Client, each: threading.Semaphore) -> None:
        """Steps until the server is gone or refuses; `each` counts the answers."""
        try:
            while not self.refused:
                self.step(http)
                each.release()
        except GONE:
            return
        finally:
            http.close()

    def _state(self, doc_id: str) -> State:
        return self.known.get(doc_id, State())

    def _ask(
        self, http: Client, method: str, path: str, body: object, after: Mapping[str, State]
    ) -> Any:
        """The answer when the change was acknowledged, else None."""
        self.asked = dict(after)
        status, answer = http.ask(method, f"/{self.db}/{path}", body)
        if status >= 400:
            self.refused.append((status, answer))
            return None
        self.known |= after
        self.asked = {}
        self.acknowledged += 1
        return answer

    def _photo(self) -> bytes:
        """Mostly new bytes; else some that a document has, or had, before."""
        if self.rng.random() < 0.3:
            return self.rng.choice(self._photos)
        self._photos = [*self._photos[-5:], self.rng.randbytes(self.rng.choice(SIZES))]
        return self._photos[-1]

    def _parent(self, doc_id: str) -> str:
        return f"?rev={self.revs[doc_id]}" if self._state(doc_id).kind == "live" else ""

    def _put(self, http: Client, doc_id: str) -> None:
        after = {doc_id: State("live", self._count)}
        body = {"m": self._count}
        if answer := self._ask(http, "PUT", doc_id + self._parent(doc_id), body, after):
            self.revs[doc_id] = answer["rev"]

    def _attach(self, http: Client, doc_id: str) -> None:
        data = self._photo()
        before = self._state(doc_id)
        marker = before.marker if before.kind == "live" else 0
        after = {doc_id: State("live", marker, hashlib.sha256(data).hexdigest())}
        if answer := self._ask(http, "PUT", f"{doc_id}/p{self._parent(doc_id)}", data, after):
            self.revs[doc_id] = answer["rev"]

    def _bulk(self, http: Client, doc_id: str) -> None:
        docs: list[dict[str, Any]] = []
        after = {}
        for number in self.rng.sample(range(DOCUMENTS), 3):
            doc_id, data = f"{self.name}-{number}", self._photo()
            start, _, parent = self.revs.get(doc_id, "0-").partition("-")
            ids = [f"{self.rng.getrandbits(128):032x}", *([parent] if parent else [])]
            given = {"p": {"data": base64.b64encode(data).decode()}}
            revisions = {"start": int(start) + 1, "ids": ids}
            docs.append({"_id": doc_id, "_revisions": revisions, "m": self._count})
            docs[-1]["_attachments"] = given
            after[doc_id] = State("live", self._count, hashlib.sha256(data).hexdigest())
        body = {"docs": docs, "new_edits": False}
        if self._ask(http, "POST", "_bulk_docs", body, after) is not None:
            for doc in docs:
                revisions = doc["_revisions"]
                self.revs[doc["_id"]] = f"{revisions['start']}-{revisions['ids'][0]}"

    def _local(self, http: Client, _: str) -> None:
        self.checkpoint = (self.checkpoint[0], self._count)
        if self._ask(http, "PUT", f"_local/{self.name}", {"m": self._count}, {}):
            self.checkpoint = (self._count, self._count)

    def _delete(self, http: Client, doc_id: str) -> None:
        if self._state(doc_id).kind != "live":
            return self._put(http, doc_id)
        after = {doc_id: State("deleted")}
        if answer := self._ask(http, "DELETE", doc_id + self._parent(doc_id), None, after):
            self.revs[doc_id] = answer["rev"]
        return None

    def _purge(self, http: Client, doc_id: str) -> None:
        if self._state(doc_id).kind == "absent":
            return self._put(http, doc_id)
        body = {doc_id: [self.revs[doc_id]]}
        if self._ask(http, "POST", "_purge", body, {doc_id: State()}):
            self.revs.pop(doc_id)
        return None

    def _compact(self, http: Client, _: str) -> None:
        self._ask(http, "POST", "_compact", None, {})

    def verify(self, http: Client) -> int:
        """Every document is as it was acknowledged, or as it was asked for last. What it is now
        counts from here on. The number of documents that are live."""
        for number in range(DOCUMENTS):
            doc_id = f"{self.name}-{number}"
            found = self._read(http, doc_id)
            before = self._state(doc_id)
            assert found in (before, self.asked.get(doc_id, before)), (
                f"{self.db}/{doc_id} is {found}, was {before}, asked for {self.asked.get(doc_id)}"
            )
            self.known[doc_id] = found
        self._verify_checkpoint(http)
        self.asked = {}
        return sum(state.kind == "live" for state in self.known.values())

    def _verify_checkpoint(self, http: Client) -> None:
        status, found = http.ask("GET", f"/{self.db}/_local/{self.name}")
        marker = found["m"] if status == 200 else 0
        assert marker in self.checkpoint, f"_local is {marker}, was {self.checkpoint}"
        self.checkpoint = (marker, marker)

    def _read(self, http: Client, doc_id: str) -> State:
        status, found = http.ask("GET", f"/{self.db}/{doc_id}?attachments=true")
        if status == 404:
            kind = {"missing": "absent", "deleted": "deleted"}[found["reason"]]
            self.revs.pop(doc_id, None)
            if kind == "deleted":
                (leaf,) = http.ask("GET", f"/{self.db}/{doc_id}?open_revs=all")[1]
                self.revs[doc_id] = leaf["ok"]["_rev"]
            return State(kind)
        assert status == 200, found
        self.revs[doc_id] = found["_rev"]
        given = found.get("_attachments", {}).get("p")
        photo = hashlib.sha256(base64.b64decode(given["data"])).hexdigest() if given else ""
        return State("live", found.get("m", 0), photo)
