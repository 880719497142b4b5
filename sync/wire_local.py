"""`_local` documents, where replicators keep their checkpoints: GET, PUT, DELETE."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from typing import Any

import orjson

from sync.gate import AccessT
from sync.model import BadRequest, DocumentTooLarge, LocalDocument, Revision
from sync.wire_exchange import Exchange, parse_object
from sync.wire_push import room_left


def _local_id(x: Exchange[AccessT]) -> str:
    if len(x.path) > 2:
        raise BadRequest("_local documents do not accept attachments.")
    doc_id = x.path[1]
    if not doc_id or len(doc_id) > 1024:
        raise BadRequest("Illegal document id of a local document")
    return doc_id


def _etag(rev: Revision, body: dict[str, Any]) -> str:
    """Of the content: a number alone comes again after a deletion."""
    digest = hashlib.md5(rev.encode() + orjson.dumps(body), usedforsecurity=False).digest()
    return f'"{b32encode(digest).decode().rstrip("=")}"'


async def every(x: Exchange[AccessT]) -> None:
    """`_local_docs`: their ids. It names every device, so it is for whoever may list."""
    await x.gate.administer(x.access, "list", x.db)
    rows = []
    for name in await x.engine.local_ids(x.db):
        doc_id = f"_local/{name}"
        rev = (await x.engine.local_get(x.db, name)).rev
        rows.append({"id": doc_id, "key": doc_id, "value": {"rev": rev}})
    await x.reply(200, {"total_rows": None, "offset": None, "rows": rows})


async def get(x: Exchange[AccessT]) -> None:
    found = await x.engine.local_get(x.db, _local_id(x))
    etag = _etag(found.rev, found.body)
    if not await x.unchanged(etag):
        await x.reply(200, _json(found, x.flag("revs")), etag=etag)


def _json(found: LocalDocument, revs: bool) -> dict[str, Any]:
    said = {"_id": f"_local/{found.id}", "_rev": found.rev, **found.body}
    return said | ({"_revisions": {"start": 0, "ids": [found.rev[2:]]}} if revs else {})


async def put(x: Exchange[AccessT]) -> None:
    doc_id = _local_id(x)
    parsed = parse_object(await x.body())
    if parsed.get("_deleted") is True:
        return await delete(x)
    rev = await put_local(x, doc_id, parsed)
    answer = {"ok": True, "id": f"_local/{doc_id}", "rev": rev}
    location = x.location(x.db, f"_local/{doc_id}")
    return await x.reply(201, answer, etag=_etag(rev, parsed), location=location)


async def put_local(x: Exchange[AccessT], doc_id: str, parsed: dict[str, Any]) -> Revision:
    """Takes the JSON object apart; what is left is the body that was kept."""
    rev = parsed.pop("_rev", None)
    for name in ("_id", "_deleted", "_revisions", "_attachments"):
        parsed.pop(name, None)
    if not isinstance(rev, str | None):
        raise BadRequest("Invalid rev format")
    size, room = len(orjson.dumps(parsed)), await room_left(x)
    if size > x.limits.document or (room is not None and size > room):
        raise DocumentTooLarge
    return await x.engine.local_put(x.db, doc_id, parsed, rev)


async def delete(x: Exchange[AccessT]) -> None:
    doc_id = _local_id(x)
    await x.engine.local_delete(x.db, doc_id)
    answer = {"ok": True, "id": f"_local/{doc_id}", "rev": "0-0"}
    await x.reply(200, answer, etag=_etag("0-0", {}))
