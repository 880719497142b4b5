"""What is read of a document beside its body: conflicts, histories, attachments in the JSON."""

from __future__ import annotations

from typing import Any

from sync.engine import read_attachment
from sync.gate import AccessT
from sync.model import Attachment, BadRequest, Document, Missing, NotFound
from sync.revtree import check_revision
from sync.wire_exchange import Exchange
from sync.wire_json import follows, inline, stub, write_document
from sync.wire_multipart import Follower


async def document_json(x: Exchange[AccessT], document: Document, *, winner: bool) -> bytes:
    """As the query asks for it. What is said of the document as a whole (`conflicts`, `revs_info`)
    comes with its winner only."""
    extra = await _about_the_tree(x, document) if winner else {}
    extra |= await attachments_json(x, document)
    return write_document(document, extra, x.flag("revs"))


def asks_about_the_tree(x: Exchange[AccessT]) -> bool:
    return any(x.flag(name) for name in ("meta", "revs_info", "conflicts", "deleted_conflicts"))


async def _about_the_tree(x: Exchange[AccessT], document: Document) -> dict[str, Any]:
    meta = x.flag("meta")
    extra: dict[str, Any] = {}
    if x.flag("revs_info", meta):
        history = await x.engine.history(x.db, document.id, document.rev)
        extra["_revs_info"] = [{"rev": each.rev, "status": each.status} for each in history]
    for name, dead in (("conflicts", False), ("deleted_conflicts", True)):
        if not x.flag(name, meta):
            continue
        leaves = (await x.engine.leaves(x.db, document.id))[1:]
        revs = [leaf.rev for leaf in leaves if leaf.deleted == dead]
        if revs:
            extra[f"_{name}"] = revs
    return extra


async def attachments_json(
    x: Exchange[AccessT], document: Document, known: list[str] | None = None
) -> dict[str, Any]:
    """`_attachments` of the JSON: stubs, or with `attachments=true` the data, except what `known`
    (else `atts_since`) says that the reader has."""
    if not document.attachments:
        return {}
    encoding = x.flag("att_encoding_info")
    wanted = {a.name for a in wanted_attachments(x, document, known)}
    found = {}
    for each in document.attachments:
        if each.name not in wanted:
            found[each.name] = stub(each, encoding)
            continue
        _, data = await read_attachment(x.engine, x.db, document.id, each.name, document.rev)
        found[each.name] = inline(each, data, encoding)
    return {"_attachments": found}


def wanted_attachments(
    x: Exchange[AccessT], document: Document, known: list[str] | None = None, always: bool = False
) -> list[Attachment]:
    """Those that go out with their bytes. `always`: also where `attachments=true` is not said."""
    said = "atts_since" in x.query
    if known is None and said:
        known = x.json_query("atts_since")
        if not isinstance(known, list):
            raise BadRequest("atts_since must be an array of revisions")
    if not (always or said or x.flag("attachments")):
        return []
    newest = [
        int(rev.partition("-")[0])
        for rev in known or ()
        if isinstance(rev, str) and rev in document.revisions
    ]
    return [a for a in document.attachments if not newest or a.revpos > max(newest)]


async def document_followed(
    x: Exchange[AccessT], document: Document, *, winner: bool
) -> tuple[bytes, list[Follower]]:
    """The JSON for a multipart/related, and the attachments that follow it."""
    wanted = wanted_attachments(x, document, always=True)
    names = {each.name for each in wanted}
    extra = await _about_the_tree(x, document) if winner else {}
    if document.attachments:
        extra["_attachments"] = {
            each.name: follows(each) if each.name in names else stub(each, True)
            for each in document.attachments
        }
    followers = [
        await x.engine.attachment(x.db, document.id, each.name, document.rev) for each in wanted
    ]
    return write_document(document, extra, x.flag("revs")), followers


async def asked_for(x: Exchange[AccessT], doc_id: str) -> tuple[Document, bool]:
    """The document that `rev` and `latest` name, and whether it was asked for as the winner."""
    rev = x.query.get("rev")
    if rev is None:
        return await x.engine.get(x.db, doc_id), True
    if not x.flag("latest"):
        return await x.engine.get(x.db, doc_id, check_revision(rev)), False
    (found, *_) = await x.engine.open_revs(x.db, doc_id, [check_revision(rev)], latest=True)
    if isinstance(found, Missing):
        raise NotFound("missing")
    return found, False
