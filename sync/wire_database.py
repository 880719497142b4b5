"""The database itself: PUT, GET, HEAD, DELETE, POST, and the `_…` requests that are not
documents."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from sync.gate import AccessT
from sync.model import BadRequest, FileExists
from sync.revtree import check_revision
from sync.wire_exchange import Exchange
from sync.wire_json import parse_edit
from sync.wire_push import push_one


async def put(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "create", x.db)
    if not await x.engine.create(x.db):
        raise FileExists
    await x.reply(201, {"ok": True}, location=f"/{quote(x.db, safe='')}")


async def delete(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "delete", x.db)
    await x.engine.delete(x.db)
    await x.reply(200, {"ok": True})


async def get(x: Exchange[AccessT]) -> None:
    info = await x.engine.info(x.db)
    await x.reply(
        200,
        {
            "instance_start_time": "0",
            "db_name": info.name,
            "purge_seq": info.purge_seq,
            "update_seq": info.update_seq,
            "sizes": {"file": info.bytes, "external": info.bytes, "active": info.bytes},
            "props": {},
            "doc_del_count": info.doc_del_count,
            "doc_count": info.doc_count,
            "disk_format_version": 8,
            "compact_running": False,
            "cluster": {"q": 1, "n": 1, "w": 1, "r": 1},
        },
    )


async def post(x: Exchange[AccessT]) -> None:
    x.require_json()
    parsed = await x.json_object()
    parsed.setdefault("_id", uuid4().hex)
    edit = parse_edit(parsed, new_edits=True)
    rev = await push_one(x, edit)
    await x.reply(201, {"ok": True, "id": edit.id, "rev": rev})


async def ensure_full_commit(x: Exchange[AccessT]) -> None:
    """Everything acknowledged is on the disk already."""
    await x.engine.info(x.db)
    await x.reply(201, {"ok": True, "instance_start_time": "0"})


async def compact(x: Exchange[AccessT]) -> None:
    x.require_json()
    await x.gate.administer(x.access, "compact", x.db)
    await x.engine.compact(x.db)
    await x.reply(202, {"ok": True})


async def _revisions_by_id(x: Exchange[AccessT]) -> dict[str, list[str]]:
    x.require_json()
    asked = await x.json_object()
    for revs in asked.values():
        if not isinstance(revs, list):
            raise BadRequest("Each document id must have an array of revisions")
        for rev in revs:
            check_revision(rev)
    return asked


async def purge(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "purge", x.db)
    purged = await x.engine.purge(x.db, await _revisions_by_id(x))
    await x.reply(201, {"purge_seq": None, "purged": purged})


async def revs_diff(x: Exchange[AccessT]) -> None:
    found = await x.engine.revs_diff(x.db, await _revisions_by_id(x))
    answer: dict[str, Any] = {}
    for doc_id, diff in found.items():
        answer[doc_id] = {"missing": diff.missing}
        if diff.possible_ancestors and await x.gate.visible(x.access, x.db, doc_id):
            answer[doc_id]["possible_ancestors"] = diff.possible_ancestors
    await x.reply(200, answer)


async def missing_revs(x: Exchange[AccessT]) -> None:
    found = await x.engine.revs_diff(x.db, await _revisions_by_id(x))
    await x.reply(200, {"missing_revs": {i: diff.missing for i, diff in found.items()}})
