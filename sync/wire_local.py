"""`_local` documents, where replicators keep their checkpoints: GET, PUT, DELETE."""

from __future__ import annotations

from sync.gate import AccessT
from sync.model import BadRequest, DocumentTooLarge
from sync.wire_exchange import Exchange, parse_object
from sync.wire_push import room_left


def _local_id(x: Exchange[AccessT]) -> str:
    doc_id = "/".join(x.path[1:])
    if not doc_id or len(doc_id) > 1024:
        raise BadRequest("Illegal document id of a local document")
    return doc_id


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
    await x.reply(200, {"_id": f"_local/{found.id}", "_rev": found.rev, **found.body})


async def put(x: Exchange[AccessT]) -> None:
    doc_id = _local_id(x)
    text = await x.body()
    room = await room_left(x)
    if len(text) > x.limits.document or (room is not None and len(text) > room):
        raise DocumentTooLarge
    parsed = parse_object(text)
    rev = parsed.pop("_rev", None)
    parsed.pop("_id", None)
    if not isinstance(rev, str | None):
        raise BadRequest("Invalid rev format")
    if parsed.pop("_deleted", False):
        return await delete(x)
    new = await x.engine.local_put(x.db, doc_id, parsed, rev)
    return await x.reply(201, {"ok": True, "id": f"_local/{doc_id}", "rev": new})


async def delete(x: Exchange[AccessT]) -> None:
    doc_id = _local_id(x)
    await x.engine.local_delete(x.db, doc_id)
    await x.reply(200, {"ok": True, "id": f"_local/{doc_id}", "rev": "0-0"})
