"""One document: GET, HEAD, PUT, DELETE with CouchDB's parameters."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson

from sync.engine import read_attachment
from sync.gate import AccessT
from sync.model import (
    BadRequest,
    Conflict,
    Document,
    Edit,
    Missing,
    NotFound,
    Revision,
)
from sync.revtree import check_revision
from sync.wire_exchange import Exchange, parse_object
from sync.wire_json import inline, parse_edit, stub, write_document
from sync.wire_multipart import boundary_of, filename_of, split_parts
from sync.wire_push import push_one


def document_id(x: Exchange[AccessT]) -> str:
    """The id, from one segment, or two with `_design`."""
    return "/".join(x.path[:2]) if x.path[0] == "_design" else x.path[0]


def given_rev(x: Exchange[AccessT]) -> Revision | None:
    """`rev` of the query, else If-Match."""
    rev = x.query.get("rev") or x.headers.get("if-match", "").strip('"')
    return check_revision(rev) if rev else None


async def get(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    if not await x.gate.visible(x.access, x.db, doc_id):
        await x.engine.info(x.db)
        raise NotFound("missing")
    if "open_revs" in x.query:
        return await _open_revs(x, doc_id)
    document = await _asked_for(x, doc_id)
    etag = f'"{document.rev}"'
    if x.headers.get("if-none-match") == etag:
        await x.start(304, {"etag": etag})
        return await x.chunk(b"", more=False)
    extra = await _extra(x, document)
    text = write_document(document, extra, x.flag("revs"))
    return await x.reply(200, text + b"\n", etag=etag)


async def _asked_for(x: Exchange[AccessT], doc_id: str) -> Document:
    rev = x.query.get("rev")
    if rev and x.flag("latest"):
        (found, *_) = await x.engine.open_revs(x.db, doc_id, [check_revision(rev)], latest=True)
        if isinstance(found, Missing):
            raise NotFound("missing")
        return found
    return await x.engine.get(x.db, doc_id, check_revision(rev) if rev else None)


async def _extra(x: Exchange[AccessT], document: Document) -> dict[str, Any]:
    """What the query asks for beside the document."""
    meta = x.flag("meta")
    extra: dict[str, Any] = {}
    if x.flag("revs_info", meta):
        history = await x.engine.history(x.db, document.id, document.rev)
        extra["_revs_info"] = [{"rev": each.rev, "status": each.status} for each in history]
    leaves = []
    if x.flag("conflicts", meta) or x.flag("deleted_conflicts", meta):
        leaves = (await x.engine.leaves(x.db, document.id))[1:]
    conflicts = [leaf.rev for leaf in leaves if not leaf.deleted]
    if conflicts and x.flag("conflicts", meta):
        extra["_conflicts"] = conflicts
    deleted = [leaf.rev for leaf in leaves if leaf.deleted]
    if deleted and x.flag("deleted_conflicts", meta):
        extra["_deleted_conflicts"] = deleted
    if document.attachments and x.flag("attachments"):
        extra["_attachments"] = await attachments_inline(x, document)
    return extra


async def attachments_inline(x: Exchange[AccessT], document: Document) -> dict[str, Any]:
    """All attachments with their data, except what `atts_since` says that the reader has."""
    known = x.json_query("atts_since") or []
    if not isinstance(known, list):
        raise BadRequest("atts_since must be an array of revisions")
    oldest = [int(rev.partition("-")[0]) for rev in known if rev in document.revisions]
    since = max(oldest, default=0)
    found = {}
    for attachment in document.attachments:
        if attachment.revpos <= since:
            found[attachment.name] = stub(attachment)
            continue
        _, data = await read_attachment(x.engine, x.db, document.id, attachment.name, document.rev)
        found[attachment.name] = inline(attachment, data)
    return found


async def _open_revs(x: Exchange[AccessT], doc_id: str) -> None:
    wanted = x.query["open_revs"]
    revs: list[Revision] | None = None
    if wanted != "all":
        parsed = x.json_query("open_revs")
        if not isinstance(parsed, list):
            raise BadRequest("open_revs must be `all` or an array of revisions")
        revs = [check_revision(rev) for rev in parsed]
    found = await x.engine.open_revs(x.db, doc_id, revs, x.flag("latest"))
    await x.start(200, {"content-type": "application/json"})
    await x.chunk(b"[")
    for number, each in enumerate(found):
        await x.chunk((b"," if number else b"") + await _open_rev(x, each))
    await x.chunk(b"]\n", more=False)


async def _open_rev(x: Exchange[AccessT], found: Document | Missing) -> bytes:
    if isinstance(found, Missing):
        return orjson.dumps({"missing": found.rev})
    extra = {}
    if found.attachments and x.flag("attachments"):
        extra["_attachments"] = await attachments_inline(x, found)
    return b'{"ok":' + write_document(found, extra, x.flag("revs")) + b"}"


async def put(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    new_edits = x.flag("new_edits", default=True)
    kind = x.headers.get("content-type", "")
    if kind.lower().startswith("multipart/"):
        parsed, following = _related(await x.body(), kind)
    else:
        parsed, following = await x.json_object(), {}
    if parsed.setdefault("_id", doc_id) != doc_id:
        raise BadRequest("Document id must match the one in the URL")
    asked = given_rev(x)
    if asked is not None and parsed.setdefault("_rev", asked) != asked:
        raise BadRequest("Document rev from request body and query string have different values")
    edit = parse_edit(parsed, new_edits, following)
    rev = await push_one(x, edit, new_edits)
    if new_edits:
        return await _answer(x, edit.id, rev)
    # A replicator said where and which revision itself; on a slow link every byte back counts.
    return await x.reply(201, {"ok": True, "id": edit.id, "rev": rev})


def _related(body: bytes, content_type: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The document and, by name, the bytes of the attachments that follow it: matched by file
    name, or where the sender gave none by their order in `_attachments`."""
    parts = split_parts(body, boundary_of(content_type))
    if not parts:
        raise BadRequest("The multipart body has no parts.")
    parsed = parse_object(parts[0][1])
    given = parsed.get("_attachments")
    expected = [
        (name, a)
        for name, a in (given.items() if isinstance(given, dict) else ())
        if isinstance(a, dict) and a.get("follows") is True
    ]
    if len(expected) != len(parts) - 1:
        raise BadRequest(f"{len(expected)} attachments follow, {len(parts) - 1} came.")
    following: dict[str, bytes] = {}
    for (name, attachment), (headers, data) in zip(expected, parts[1:], strict=True):
        length = attachment.get("length", len(data))
        following[filename_of(headers) or name] = data
        if filename_of(headers) in (None, name) and length != len(data):
            raise BadRequest(f"The attachment {name!r} has {len(data)} bytes, not {length}.")
    return parsed, following


async def delete(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    rev = given_rev(x)
    if rev is None:
        if not await x.gate.visible(x.access, x.db, doc_id):
            raise NotFound("missing")
        await x.engine.get(x.db, doc_id)
        raise Conflict
    new = await push_one(x, Edit(doc_id, {}, (rev,), deleted=True))
    await x.reply(200, {"ok": True, "id": doc_id, "rev": new}, etag=f'"{new}"')


async def _answer(x: Exchange[AccessT], doc_id: str, rev: Revision) -> None:
    await x.reply(
        201,
        {"ok": True, "id": doc_id, "rev": rev},
        etag=f'"{rev}"',
        location=f"/{quote(x.db, safe='')}/{quote(doc_id, safe='')}",
    )
