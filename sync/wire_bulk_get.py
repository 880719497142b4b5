"""POST /db/_bulk_get: many revisions in one answer, written as they are read."""

from __future__ import annotations

from typing import Any

import orjson

from sync.gate import AccessT
from sync.model import BadRequest, Document, Missing, NotFound, SyncError
from sync.revtree import check_revision
from sync.wire_document import attachments_inline
from sync.wire_exchange import Exchange
from sync.wire_json import write_document


async def post(x: Exchange[AccessT]) -> None:
    x.require_json()
    asked = (await x.json_object()).get("docs")
    if not isinstance(asked, list):
        raise BadRequest("Missing JSON list of `docs`.")
    for each in asked:
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            raise BadRequest("Each of `docs` must be an object with an `id`")
    await x.engine.info(x.db)
    await x.start(200, {"content-type": "application/json"})
    await x.chunk(b'{"results":[')
    for number, each in enumerate(asked):
        rows = b",".join(await _rows(x, each["id"], each.get("rev")))
        head = b"," if number else b""
        head += b'{"id":' + orjson.dumps(each["id"]) + b',"docs":['
        await x.chunk(head + rows + b"]}")
    await x.chunk(b"]}\n", more=False)


async def _rows(x: Exchange[AccessT], doc_id: str, rev: Any) -> list[bytes]:
    try:
        wanted = None if rev is None else [check_revision(rev)]
        if not await x.gate.visible(x.access, x.db, doc_id):
            raise NotFound("missing")
        found = await x.engine.open_revs(x.db, doc_id, wanted, x.flag("latest"))
    except SyncError as error:
        return [_error(doc_id, rev or "undefined", error)]
    return [await _row(x, doc_id, each) for each in found]


async def _row(x: Exchange[AccessT], doc_id: str, found: Document | Missing) -> bytes:
    if isinstance(found, Missing):
        return _error(doc_id, found.rev, NotFound("missing"))
    extra = {}
    if found.attachments and x.flag("attachments"):
        extra["_attachments"] = await attachments_inline(x, found)
    return b'{"ok":' + write_document(found, extra, x.flag("revs")) + b"}"


def _error(doc_id: str, rev: Any, error: SyncError) -> bytes:
    return orjson.dumps({"error": {"id": doc_id, "rev": rev, **error.payload()}})
