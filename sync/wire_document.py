"""One document: GET, HEAD, PUT, DELETE, COPY with CouchDB's parameters."""

from __future__ import annotations

from urllib.parse import unquote

from sync.gate import AccessT
from sync.model import (
    Attachment,
    BadRequest,
    Conflict,
    Document,
    Edit,
    NewAttachment,
    NotFound,
    Revision,
)
from sync.revtree import check_revision
from sync.wire_exchange import Exchange, parse_json
from sync.wire_json import check_text_id, document_object, parse_edit
from sync.wire_open_revs import open_revs
from sync.wire_push import push_one
from sync.wire_read import asked_for, asks_about_the_tree, document_json
from sync.wire_related import read_related, write_related


def document_id(x: Exchange[AccessT]) -> str:
    """The id, from one segment, or two with `_design`."""
    return "/".join(x.path[:2]) if x.path[0] == "_design" else x.path[0]


def given_rev(x: Exchange[AccessT]) -> Revision | None:
    """`rev` of the query, else If-Match."""
    if "rev" in x.query:
        return check_revision(x.query["rev"])
    header = x.headers.get("if-match")
    return check_revision(header.strip('"')) if header else None


async def require_visible(x: Exchange[AccessT], doc_id: str) -> None:
    if not await x.gate.visible(x.access, x.db, doc_id):
        await x.engine.info(x.db)
        raise NotFound("missing")


async def get(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    x.json_query("atts_since")  # what is no JSON is refused whether the document is there or not
    await require_visible(x, doc_id)
    if x.query.get("open_revs", "[]") != "[]":
        return await open_revs(x, doc_id)
    document, winner = await asked_for(x, doc_id)
    etag = "" if winner and asks_about_the_tree(x) else f'"{document.rev}"'
    if etag and await x.unchanged(etag):
        return None
    follow = x.flag("attachments") and document.attachments and x.accepts("multipart/related")
    if follow and await write_related(x, document, etag, winner=winner):
        return None
    text = await document_json(x, document, winner=winner)
    return await x.reply(200, text + b"\n", etag=etag)


async def put(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    new_edits = x.flag("new_edits", default=True)
    kind = x.headers.get("content-type", "")
    following: dict[str, bytes] = {}
    if kind.lower().startswith("multipart/"):
        parsed, following = read_related(await x.body(), kind)
    else:
        parsed = document_object(parse_json(await x.body()))
    check_text_id(parsed)
    parsed["_id"] = doc_id
    asked = given_rev(x)
    if asked is not None and parsed.setdefault("_rev", asked) != asked:
        raise BadRequest("Document rev from request body and query string have different values")
    edit = parse_edit(parsed, new_edits, following)
    rev = await push_one(x, edit, new_edits)
    if x.query.get("batch") == "ok":  # durable all the same; this only says less of it
        return await x.reply(202, {"ok": True, "id": edit.id})
    status = 200 if edit.deleted else 201
    if x.limits.terse and not new_edits:
        return await x.reply(status, {"ok": True, "id": edit.id, "rev": rev})
    return await answer(x, status, doc_id, rev)


async def delete(x: Exchange[AccessT]) -> None:
    doc_id = document_id(x)
    await require_visible(x, doc_id)
    await x.engine.get(x.db, doc_id)  # a document that is gone answers so, whatever the revision
    rev = given_rev(x)
    if rev is None:
        raise Conflict
    new = await push_one(x, Edit(doc_id, {}, (rev,), deleted=True))
    await x.reply(200, {"ok": True, "id": doc_id, "rev": new}, etag=f'"{new}"')


async def copy(x: Exchange[AccessT]) -> None:
    """The winner or `rev` under the id, and onto the revision, that Destination names."""
    destination = x.headers.get("destination")
    if destination is None:
        raise BadRequest("Destination header is mandatory for COPY.")
    if destination.startswith(("http://", "https://")):
        raise BadRequest("Destination URL must be relative.")
    target, _, query = destination.partition("?")
    doc_id, rev = unquote(target), query.partition("=")[2]
    await require_visible(x, document_id(x))
    source, _ = await asked_for(x, document_id(x))
    attachments = {each.name: await _whole(x, source, each) for each in source.attachments}
    parent = (check_revision(rev),) if rev else ()
    made = await push_one(x, Edit(doc_id, source.body, parent, source.deleted, attachments))
    await answer(x, 201, doc_id, made)


async def _whole(x: Exchange[AccessT], source: Document, wanted: Attachment) -> NewAttachment:
    found, pieces = await x.engine.attachment(x.db, source.id, wanted.name, source.rev)
    data = b"".join([piece async for piece in pieces])
    return NewAttachment(wanted.content_type, data, encoding=found.encoding)


async def answer(x: Exchange[AccessT], status: int, doc_id: str, rev: Revision) -> None:
    await x.reply(
        status,
        {"ok": True, "id": doc_id, "rev": rev},
        etag=f'"{rev}"',
        location=x.location(x.db, doc_id),
    )
