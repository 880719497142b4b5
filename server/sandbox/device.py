"""A device in Python that speaks exactly as the phone does: grant, seal, push, follow the status.

It knows nothing of the server's insides: everything goes over HTTP through the given client, whose
`base_url` is the server's origin. The seed and the tests use it; `Faults` makes it misbehave.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx2
import orjson

from server.auth import sealing
from server.sandbox.paper import Chunk, Paper, Picture, Said, reseal


@dataclass(frozen=True)
class Faults:
    """What a broken or hostile device does. `foreign_owner` wraps keys for that owner instead."""

    truncate_chunk: bool = False
    wrong_digest: bool = False
    skip_chunk: bool = False
    resend: bool = False
    foreign_owner: str | None = None


HONEST = Faults()


@dataclass(frozen=True)
class Status:
    """`clear` is the status document; `sealed` its opened part, None while there is none."""

    clear: dict[str, Any]
    sealed: dict[str, Any] | None

    @property
    def code(self) -> str:
        return str(self.clear["code"])

    @property
    def group(self) -> str:
        return str(self.clear["group"])


class Rejected(RuntimeError):
    """The server answered a whole request with an error; `body` is its JSON or text."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


@dataclass
class Device:
    """One vault on one device: an owner id, a device id and a grant, all made here."""

    client: httpx2.AsyncClient
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    owner: str = field(default_factory=lambda: secrets.token_hex(16))
    device: str = field(default_factory=lambda: secrets.token_hex(16))
    grant: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    @property
    def database(self) -> str:
        return f"/db/drafts-{self.owner}"

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {sealing.b64u(self.grant)}"}

    async def enrol(self) -> None:
        """Makes the first grant and the owner's database. A repetition is harmless."""
        triple = {
            "owner": self.owner,
            "device": self.device,
            "hash": hashlib.sha256(self.grant).hexdigest(),
        }
        await self._ask("POST", "/api/grants", json=triple)
        await self._ask("PUT", self.database, accept=(412,))

    async def adopt(self, session: httpx2.AsyncClient) -> None:
        """Binds this owner to the account whose session `session` holds."""
        answer = await session.post(
            "/api/grants/adopt", json={"owner": self.owner}, headers=self.bearer
        )
        if not answer.is_success:
            raise Rejected(answer.status_code, answer.text)

    async def compose(
        self,
        answers: Mapping[str, Any],
        photos: Sequence[Picture],
        said: Said | None = None,
        faults: Faults = HONEST,
    ) -> Paper:
        """A dossier sealed once on this device, not yet sent."""
        kid, public = await self._intake_key()
        owner = faults.foreign_owner or self.owner
        paper = Paper.seal(owner, self.device, (kid, public), self.clock(), answers, photos, said)
        return _spoilt(paper, faults)

    async def correct(
        self,
        paper: Paper,
        answers: Mapping[str, Any],
        photos: Sequence[Picture],
        said: Said | None = None,
    ) -> Paper:
        """Submission n+1 of the same dossier. Photos of a kind given anew replace the old ones."""
        kid, public = await self._intake_key()
        return reseal(
            paper, self.owner, self.device, (kid, public), self.clock(), answers, photos, said
        )

    async def send(self, paper: Paper, faults: Faults = HONEST) -> dict[str, str]:
        """Draft, submission, then what the server lacks of the chunks. Returns the reasons of the
        documents that were refused, by id."""
        rounds = 2 if faults.resend else 1
        refused: dict[str, str] = {}
        for _ in range(rounds):
            refused |= await self.push([paper.draft, paper.submission])
            refused |= await self.push_chunks(paper, faults)
        return refused

    async def push(self, documents: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """`_bulk_docs` with the device's own revisions, as replication does."""
        body = {"new_edits": False, "docs": documents}
        rows = await self._ask("POST", f"{self.database}/_bulk_docs", json=body)
        return {row["id"]: row.get("reason", "") for row in rows if "error" in row}

    async def push_chunks(self, paper: Paper, faults: Faults = HONEST) -> dict[str, str]:
        """The chunks whose revision the server does not have, each as one multipart document."""
        chunks = paper.chunks[:-1] if faults.skip_chunk else paper.chunks
        missing = await self.missing(chunks)
        refused: dict[str, str] = {}
        for chunk in chunks:
            if chunk.id in missing or faults.resend:
                refused |= await self._put_chunk(chunk)
        return refused

    async def missing(self, chunks: Sequence[Chunk]) -> set[str]:
        """Ids of the chunks that `_revs_diff` says the server lacks."""
        if not chunks:
            return set()
        asked = {chunk.id: [chunk.rev] for chunk in chunks}
        return set(await self._ask("POST", f"{self.database}/_revs_diff", json=asked))

    async def status(self, paper: Paper) -> Status | None:
        """The dossier's status, opened with its data key; None before the first."""
        doc_id = f"status:{paper.dossier}"
        clear = await self._ask("GET", f"{self.database}/{doc_id}", accept=(404,))
        if clear.get("error") == "not_found":
            return None
        sealed = clear.get("sealed")
        opened = sealing.open_json(paper.key, doc_id, "status/1", sealed) if sealed else None
        return Status(clear, opened)

    async def wait(
        self, paper: Paper, until: Callable[[Status], bool], within: float = 30
    ) -> Status:
        """Follows `_changes` by long polls until a status satisfies `until`. `TimeoutError`."""
        since = "0"
        seen: Status | None = None
        try:
            with anyio.fail_after(within):
                while seen is None or not until(seen):
                    params = {"feed": "longpoll", "since": since, "timeout": "10000"}
                    page = await self._ask("GET", f"{self.database}/_changes", params=params)
                    since = page["last_seq"]
                    seen = await self.status(paper)
        except TimeoutError as error:
            raise TimeoutError(f"{within} s without the awaited status; last: {seen}") from error
        return seen

    def submission_arrived(self, paper: Paper, status: Status) -> bool:
        """The phone's rule for "sent": the status names my submission, its digest, and every
        chunk's digest as I have it."""
        named = status.clear.get("submission") == paper.submission["_id"]
        same = status.clear.get("submission_digest") == sealing.sealed_digest(
            paper.submission["sealed"]
        )
        return bool(named and same and status.clear.get("receipts") == paper.receipts())

    async def _intake_key(self) -> tuple[str, bytes]:
        newest = (await self._ask("GET", "/api/keys"))["keys"][0]
        return str(newest["kid"]), sealing.unb64u(newest["public"])

    async def _put_chunk(self, chunk: Chunk) -> dict[str, str]:
        boundary, body = _multipart(chunk)
        response = await self.client.request(
            "PUT",
            f"{self.database}/{chunk.id}",
            params={"new_edits": "false"},
            content=body,
            headers=self.bearer | {"content-type": f'multipart/related; boundary="{boundary}"'},
        )
        if response.status_code in (401, 404) or response.status_code >= 500:
            raise Rejected(response.status_code, response.text)
        if response.is_success:
            return {}
        return {chunk.id: str(response.json().get("reason", ""))}

    def _proof(self, path: str) -> dict[str, str]:
        """The grant for `/db`; for `/api` the origin, as a browser sends it."""
        if path.startswith("/db/"):
            return self.bearer
        if "origin" in self.client.headers:
            return {}
        return {"origin": str(self.client.base_url).rstrip("/")}

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        params: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Any:
        response = await self.client.request(
            method,
            path,
            params=params,
            content=None if json is None else orjson.dumps(json),
            headers={"content-type": "application/json"} | self._proof(path),
        )
        if not response.is_success and response.status_code not in accept:
            raise Rejected(response.status_code, response.text)
        return response.json() if response.content else {}


def _multipart(chunk: Chunk) -> tuple[str, bytes]:
    """A document and its attachment as CouchDB's replicator sends them (RFC 2387)."""
    boundary = secrets.token_hex(16)
    md5 = base64.b64encode(hashlib.md5(chunk.sealed, usedforsecurity=False).digest()).decode()
    stub = {
        "c": {
            "follows": True,
            "content_type": "application/octet-stream",
            "length": len(chunk.sealed),
            "digest": f"md5-{md5}",
            "revpos": 1,
        }
    }
    document = orjson.dumps(chunk.document | {"_attachments": stub})
    head = f"--{boundary}\r\ncontent-type: application/json\r\n\r\n".encode()
    part = (
        f'\r\n--{boundary}\r\ncontent-disposition: attachment; filename="c"\r\n'
        f"content-type: application/octet-stream\r\ncontent-length: {len(chunk.sealed)}\r\n\r\n"
    ).encode()
    return boundary, head + document + part + chunk.sealed + f"\r\n--{boundary}--".encode()


def _spoilt(paper: Paper, faults: Faults) -> Paper:
    chunks = list(paper.chunks)
    submission = dict(paper.submission)
    if faults.truncate_chunk:
        chunks[0] = replace(chunks[0], sealed=chunks[0].sealed[:-1])
    if faults.wrong_digest:
        photos = [dict(photo) for photo in submission["photos"]]
        photos[0]["chunks"] = ["0" * 64, *photos[0]["chunks"][1:]]
        submission["photos"] = photos
    return replace(paper, chunks=tuple(chunks), submission=submission)
