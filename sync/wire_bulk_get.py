"""POST /db/_bulk_get: many revisions in one answer, written as they are read."""

from __future__ import annotations

from typing import Any

import orjson

from sync.gate import AccessT
from sync.model import BadRequest, Document, IllegalDocumentId, Missing, NotFound, SyncError
from sync.revtree import check_revision
from sync.wire_exchange import Exchange
from sync.wire_json import write_document
from sync.wire_open_revs import find
from sync.wire_read import attachments_json


async def post(x: Exchange[AccessT]) -> None:
    x.require_json()
    asked = (await x.json_object()).get("docs")
    if not isinstance(asked, list):
        raise BadRequest("Missing JSON list of 'docs'.")
    for each in asked:
        if not isinstance(each, dict) or not isinstance(each.get("id"), str | None):
            raise BadRequest("Each of `docs` must be an object with an `id`")
    await x.engine.info(x.db)
    await x.start(200, {"content-type": "application/json"})
    await x.chunk(b'{"results":[')
    for number, each in enumerate(asked):
        rows = b",".join(await _rows(x, each))
        head = b"," if number else b""
        head += b'{"id":' + orjson.dumps(each.get("id")) + b',"docs":['
        await x.chunk(head + rows + b"]}")
    await x.chunk(b"]}\n", more=False)


async def _rows(x: Exchange[AccessT], asked: dict[str, Any]) -> list[bytes]:
    doc_id, rev = asked.get("id"), asked.get("rev")
    try:
        if doc_id is None:
            rev = None
            raise BadRequest("document id missed")
        if doc_id.startswith("_") and not doc_id.startswith("_design/"):
            raise IllegalDocumentId
        wanted = None if rev is None else [check_revision(rev)]
        if not await x.gate.visible(x.access, x.db, doc_id):
            raise NotFound("missing")
        found = await find(x, doc_id, wanted, x.flag("latest"))
    except NotFound as error:
        return [_error(doc_id, rev or "undefined", error)]
    except SyncError as error:
        return [_error(doc_id, rev, error)]
    return [await _row(x, asked, each) for each in found]


async def _row(x: Exchange[AccessT], asked: dict[str, Any], found: Document | Missing) -> bytes:
    if isinstance(found, Missing):
        return _error(asked["id"], found.rev, NotFound("missing"))
    known = asked.get("atts_since")
    if known is not None and not isinstance(known, list):
        return _error(asked["id"], found.rev, BadRequest("atts_since must be an array"))
    extra = await attachments_json(x, found, known)
    return b'{"ok":' + write_document(found, extra, x.flag("revs")) + b"}"


def _error(doc_id: str | None, rev: Any, error: SyncError) -> bytes:
    return orjson.dumps({"error": {"id": doc_id, "rev": rev, **error.payload()}})
