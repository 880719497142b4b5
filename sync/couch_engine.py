"""The engine on Apache CouchDB 3: one CouchDB database a logical database, over HTTP.

Text goes in one `_bulk_docs`; a document with attachments goes in a PUT of its own as
multipart/related, its bytes as they came. See `engine.Engine` for what every method promises.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

import orjson

from sync.checks import check_database_name, check_revs_limit, encode_body
from sync.copy import FORMER
from sync.couch_admin import CouchAdmin
from sync.couch_documents import change_of, document_of, md5_of
from sync.couch_http import Couch, flag
from sync.couch_updates import Updates
from sync.couch_write import write
from sync.engine import Style
from sync.model import (
    Attachment,
    BadRequest,
    Body,
    ChangesPage,
    DatabaseInfo,
    Document,
    DocumentRow,
    Edit,
    Leaf,
    LocalDocument,
    Missing,
    NotFound,
    Revision,
    RevisionInfo,
    RevsDiff,
    Unavailable,
    Update,
    UpdatesPage,
    WriteResult,
)
from sync.revtree import check_revision, rank
from sync.waiters import Waiters

_SEQ = re.compile(r"[0-9]{1,18}(-[A-Za-z0-9_-]{1,4000})?")
_EMBEDDED = re.compile(r"([0-9]{1,18})-([0-9a-f]{12})")
_PIECE = 1 << 20
_LOOKS, _LAG = 3, 0.5
"""How often, and how many seconds apart, a change that was told of is looked for."""


class CouchEngine:
    """`url` of the server, without credentials."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._couch = Couch(url, user, password)
        self._admin = CouchAdmin(url, user, password)
        self._waiters = Waiters()
        self._updates = Updates(self._couch, self._waiters, self._admin.prepare)

    # databases

    async def create(self, db: str) -> bool:
        check_database_name(db)
        made = await self._admin.create(db)
        self._waiters.wake([db])
        return made

    async def delete(self, db: str) -> None:
        await self._admin.delete(db)
        self._waiters.wake([db])

    async def exists(self, db: str) -> bool:
        try:
            await self._couch.send("HEAD", db)
        except NotFound:
            return False
        return True

    async def info(self, db: str) -> DatabaseInfo:
        said = await self._couch.json("GET", db)
        return DatabaseInfo(
            name=said["db_name"],
            doc_count=said["doc_count"],
            doc_del_count=said["doc_del_count"],
            update_seq=str(said["update_seq"]),
            purge_seq=str(said["purge_seq"]),
            bytes=said["sizes"]["external"],
            uuid=str(said["instance_start_time"]),
        )

    async def databases(self, start: str = "", limit: int = 1000) -> list[str]:
        first = max(start, "a")  # the system's own begin with an underscore
        params = {"startkey": _json(first), "limit": str(limit)}
        found: list[str] = await self._couch.json("GET", "_all_dbs", params=params)
        return found

    async def updates(self, since: str = "0", seconds: float = 0) -> UpdatesPage:
        params = {"since": since, "timeout": str(int(min(seconds, 20) * 1000))}
        params["feed"] = "longpoll" if seconds else "normal"
        said = await self._couch.json("GET", "_db_updates", params=params)
        rows = said["results"]
        found = tuple(Update(row["db_name"], row["type"], str(row["seq"])) for row in rows)
        return UpdatesPage(found, str(said["last_seq"]))

    async def security(self, db: str) -> Body:
        found: Body = await self._couch.json("GET", db, "_security")
        return found

    async def set_security(self, db: str, security: Body) -> None:
        await self._couch.json("PUT", db, "_security", body=orjson.dumps(security))

    async def revs_limit(self, db: str) -> int:
        return int(await self._couch.json("GET", db, "_revs_limit"))

    async def set_revs_limit(self, db: str, limit: int) -> None:
        check_revs_limit(limit)
        await self._couch.json("PUT", db, "_revs_limit", body=orjson.dumps(limit))

    # reading

    async def get(self, db: str, doc_id: str, rev: Revision | None = None) -> Document:
        params = {"revs": "true"}
        if rev is not None:
            params["rev"] = check_revision(rev)
        return document_of(await self._couch.json("GET", db, doc_id, params=params))

    async def leaves(self, db: str, doc_id: str) -> list[Leaf]:
        found = await self._open_revs(db, doc_id, {"open_revs": "all"})
        leaves = [Leaf(each.rev, each.deleted) for each in found if isinstance(each, Document)]
        return sorted(leaves, key=rank, reverse=True)

    async def open_revs(
        self, db: str, doc_id: str, revs: Sequence[Revision] | None, latest: bool = False
    ) -> list[Document | Missing]:
        wanted = "all" if revs is None else _json([check_revision(rev) for rev in revs])
        params = {"open_revs": wanted, "revs": "true", "latest": flag(latest)}
        found = await self._open_revs(db, doc_id, params)
        if revs is not None and not latest:
            order = {rev: number for number, rev in enumerate(revs)}
            return sorted(found, key=lambda each: order.get(each.rev, len(order)))
        documents = [each for each in found if isinstance(each, Document)]
        documents.sort(key=lambda each: rank(Leaf(each.rev, each.deleted)), reverse=True)
        return [*documents, *(each for each in found if isinstance(each, Missing))]

    async def _open_revs(
        self, db: str, doc_id: str, params: Mapping[str, str]
    ) -> list[Document | Missing]:
        rows = await self._couch.json("GET", db, doc_id, params=params)
        if not rows and params["open_revs"] == "all":
            raise NotFound("missing")
        return [document_of(row["ok"]) if "ok" in row else Missing(row["missing"]) for row in rows]

    async def history(self, db: str, doc_id: str, rev: Revision) -> list[RevisionInfo]:
        """CouchDB says `_revs_info` of the winner only, so every revision is asked for."""
        path = (await self.get(db, doc_id, rev)).revisions
        body = orjson.dumps({"docs": [{"id": doc_id, "rev": each} for each in path]})
        said = await self._couch.json("POST", db, "_bulk_get", body=body)
        return [
            RevisionInfo(each, _status(row))
            for each, row in zip(path, said["results"], strict=True)
        ]

    async def revs_diff(
        self, db: str, revs: Mapping[str, Sequence[Revision]]
    ) -> dict[str, RevsDiff]:
        asked = {doc_id: [check_revision(rev) for rev in each] for doc_id, each in revs.items()}
        said = await self._couch.json("POST", db, "_revs_diff", body=orjson.dumps(asked))
        return {
            doc_id: RevsDiff(tuple(row["missing"]), tuple(row.get("possible_ancestors", ())))
            for doc_id, row in said.items()
            if row.get("missing")
        }

    async def all_docs(
        self,
        db: str,
        *,
        start: str | None = None,
        end: str | None = None,
        inclusive_end: bool = True,
        limit: int = 1000,
        skip: int = 0,
        descending: bool = False,
    ) -> list[DocumentRow]:
        params = {"limit": str(limit), "skip": str(skip), "descending": flag(descending)}
        params["inclusive_end"] = flag(inclusive_end)
        low, high = (end, start) if descending else (start, end)
        if low is not None and high is not None and low > high:
            return []  # CouchDB refuses what nothing can match
        if start is not None:
            params["startkey"] = _json(start)
        if end is not None:
            params["endkey"] = _json(end)
        said = await self._couch.json("GET", db, "_all_docs", params=params)
        return [DocumentRow(row["id"], row["value"]["rev"]) for row in said["rows"]]

    async def rows(self, db: str, ids: Sequence[str]) -> list[DocumentRow | None]:
        body = orjson.dumps({"keys": ids})
        said = await self._couch.json("POST", db, "_all_docs", body=body)
        return [_row(row) for row in said["rows"]]

    async def attachment(
        self, db: str, doc_id: str, name: str, rev: Revision | None = None
    ) -> tuple[Attachment, AsyncIterator[bytes]]:
        params = {"rev": check_revision(rev)} if rev else {}
        async with self._couch.stream(db, doc_id, name, params=params) as answer:
            length = answer.headers.get("content-length")
            if length is not None and int(length) <= _PIECE:
                data = await answer.aread()
                digest = answer.headers.get("content-md5", answer.headers.get("etag", ""))
                kind = answer.headers.get("content-type", "application/octet-stream")
                found = Attachment(name, kind, len(data), md5_of(digest), 0)
                return found, _one(data)
        document = await self.get(db, doc_id, rev)
        found = next(each for each in document.attachments if each.name == name)
        return found, self._pieces(db, doc_id, name, document.rev)

    async def _pieces(self, db: str, doc_id: str, name: str, rev: Revision) -> AsyncIterator[bytes]:
        async with self._couch.stream(db, doc_id, name, params={"rev": rev}) as answer:
            async for piece in answer.aiter_bytes(_PIECE):
                yield piece

    # writing

    async def write(
        self, db: str, edits: Sequence[Edit], *, new_edits: bool = True
    ) -> list[WriteResult]:
        results = await write(self._couch, db, edits, new_edits)
        self._waiters.wake([db])
        return results

    async def purge(
        self, db: str, revs: Mapping[str, Sequence[Revision]]
    ) -> dict[str, list[Revision]]:
        return await self._admin.purge(db, revs)

    async def compact(self, db: str) -> None:
        await self._admin.compact(db)

    # following

    async def changes(
        self,
        db: str,
        since: str = "0",
        *,
        limit: int = 1000,
        style: Style = "main_only",
        descending: bool = False,
        include_docs: bool = False,
        doc_ids: Collection[str] | None = None,
    ) -> ChangesPage:
        params = {"limit": str(limit), "style": style, "descending": flag(descending)}
        body = None
        if include_docs:
            params["include_docs"] = "true"
        if not descending:
            params["since"] = await self._since(db, since)
        if doc_ids is not None:
            params["filter"] = "_doc_ids"
            body = orjson.dumps({"doc_ids": list(doc_ids)})
        method = "GET" if body is None else "POST"
        try:
            said = await self._couch.json(method, db, "_changes", params=params, body=body)
        except BadRequest:
            if params.get("since", "0") == "0":
                raise
            params["since"] = "0"  # a seq that this CouchDB has not given
            said = await self._couch.json(method, db, "_changes", params=params, body=body)
        results = tuple(change_of(row) for row in said["results"])
        return ChangesPage(results, str(said["last_seq"]), int(said["pending"] or 0))

    async def _since(self, db: str, since: str) -> str:
        """What CouchDB understands: its own, or the place of one that the store before gave."""
        former = _EMBEDDED.fullmatch(since)
        if former is None:
            return since if since == "now" or _SEQ.fullmatch(since) else "0"
        try:
            known = (await self.local_get(db, FORMER)).body
        except NotFound:
            return since
        if known.get("uuid") != former[2]:
            return since
        reached = [seq for number, seq in known["seqs"] if number <= int(former[1])]
        return str(reached[-1]) if reached else "0"

    async def wait(self, db: str, since: str, seconds: float | None = None) -> bool:
        """One upstream look before waiting and a few after each wake: in a cluster the copy that
        answers may lag behind the one that told of the change. The feed is one for all."""
        if since == "now":
            since = (await self.info(db)).update_seq
        await self._updates.follow()
        end = None if seconds is None else time.monotonic() + seconds
        looks = 0
        while True:
            woken = self._waiters.add(db)
            try:
                with contextlib.suppress(Unavailable):  # the feed wakes us when it is back
                    if (await self.changes(db, since, limit=1)).results:
                        return True
                left = None if end is None else max(end - time.monotonic(), 0)
                pause = left if not looks else min(_LAG, _LAG if left is None else left)
                await asyncio.wait((woken,), timeout=pause)
                looks = _LOOKS if woken.done() else max(looks - 1, 0)
                if end is not None and time.monotonic() >= end and not woken.done():
                    return False
            finally:
                self._waiters.discard(db, woken)

    # local documents

    async def local_ids(self, db: str) -> list[str]:
        said = await self._couch.json("GET", db, "_local_docs")
        return [row["id"].removeprefix("_local/") for row in said["rows"]]

    async def local_get(self, db: str, doc_id: str) -> LocalDocument:
        said = await self._couch.json("GET", db, "_local", doc_id)
        body = {name: value for name, value in said.items() if not name.startswith("_")}
        return LocalDocument(doc_id, said["_rev"], body)

    async def local_put(
        self, db: str, doc_id: str, body: Body, rev: Revision | None = None
    ) -> Revision:
        text = encode_body(doc_id, body)
        if rev is not None:
            if not re.fullmatch(r"0-[0-9]{1,15}", rev):
                raise BadRequest("Invalid rev format")
            text = _joined(b'{"_rev":%b}' % orjson.dumps(rev), text)
        said = await self._couch.json("PUT", db, "_local", doc_id, body=text)
        return str(said["rev"])

    async def local_delete(self, db: str, doc_id: str) -> None:
        found = await self.local_get(db, doc_id)
        await self._couch.json("DELETE", db, "_local", doc_id, params={"rev": found.rev})

    async def close(self) -> None:
        await self._updates.close()
        self._waiters.wake_all()
        await self._couch.close()


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _joined(first: bytes, second: bytes) -> bytes:
    return first if second == b"{}" else first[:-1] + b"," + second[1:]


async def _one(data: bytes) -> AsyncIterator[bytes]:
    yield data


def _status(said: dict[str, Any]) -> str:
    """Of one result of `_bulk_get`."""
    found = said["docs"][0].get("ok")
    if found is None:
        return "missing"
    return "deleted" if found.get("_deleted") else "available"


def _row(said: dict[str, Any]) -> DocumentRow | None:
    if "error" in said:
        return None
    return DocumentRow(said["id"], said["value"]["rev"], said["value"].get("deleted", False))
