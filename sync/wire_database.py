"""The database itself: PUT, GET, HEAD, DELETE, POST, and the `_…` requests that are not
documents."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sync.gate import AccessT
from sync.model import BadRequest, DatabaseInfo, FileExists
from sync.revtree import check_revision
from sync.wire_exchange import Exchange, parse_json
from sync.wire_json import document_object, parse_edit
from sync.wire_push import push_one


async def put(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "create", x.db)
    if not await x.engine.create(x.db):
        raise FileExists
    await x.reply(201, {"ok": True}, location=x.location(x.db))


async def delete(x: Exchange[AccessT]) -> None:
    if "rev" in x.query:
        raise BadRequest(
            "You tried to DELETE a database with a ?=rev parameter. "
            "Did you mean to DELETE a document instead?"
        )
    await x.gate.administer(x.access, "delete", x.db)
    await x.engine.delete(x.db)
    await x.reply(200, {"ok": True})


async def get(x: Exchange[AccessT]) -> None:
    await x.reply(200, information(await x.engine.info(x.db)))


def information(info: DatabaseInfo) -> dict[str, Any]:
    """What `GET /db` says."""
    return {
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
    }


async def post(x: Exchange[AccessT]) -> None:
    x.require_json()
    parsed = document_object(parse_json(await x.body()))
    parsed.setdefault("_id", uuid4().hex)
    edit = parse_edit(parsed, new_edits=True)
    rev = await push_one(x, edit)
    if x.query.get("batch") == "ok":  # durable all the same; this only says less of it
        return await x.reply(202, {"ok": True, "id": edit.id})
    answer = {"ok": True, "id": edit.id, "rev": rev}
    return await x.reply(201, answer, location=x.location(x.db, edit.id))


async def ensure_full_commit(x: Exchange[AccessT]) -> None:
    """Everything acknowledged is on the disk already."""
    x.require_json()
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
            raise BadRequest("Invalid list of revisions")
        for rev in revs:
            check_revision(rev)
    return asked


async def purge(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "purge", x.db)
    asked = await _revisions_by_id(x)
    gone = await x.engine.purge(x.db, asked)
    purged = {doc_id: sorted(gone.get(doc_id, ())) for doc_id in asked}
    await x.reply(201, {"purge_seq": None, "purged": purged})


async def get_revs_limit(x: Exchange[AccessT]) -> None:
    await x.reply(200, b"%d\n" % await x.engine.revs_limit(x.db))


async def put_revs_limit(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "limit", x.db)
    limit = parse_json(await x.body())
    if type(limit) is not int:
        raise BadRequest("The limit of revisions must be a number.")
    await x.engine.set_revs_limit(x.db, limit)
    await x.reply(200, {"ok": True})


async def view_cleanup(x: Exchange[AccessT]) -> None:
    """There are no views, so there is nothing to clean."""
    await x.engine.info(x.db)
    await x.reply(202, {"ok": True})


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
