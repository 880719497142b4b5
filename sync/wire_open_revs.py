"""GET /db/doc?open_revs=…: many revisions of one document, as JSON or as multipart/mixed."""

from __future__ import annotations

from uuid import uuid4

import orjson

from sync.gate import AccessT
from sync.model import BadRequest, Document, Missing, Revision
from sync.revtree import check_revision, generation
from sync.wire_exchange import Exchange
from sync.wire_multipart import related
from sync.wire_read import document_followed, document_json

Found = list[Document | Missing]


async def open_revs(x: Exchange[AccessT], doc_id: str) -> None:
    found = await find(x, doc_id, _wanted(x), x.flag("latest"))
    if x.accepts("multipart/mixed"):
        return await _mixed(x, found)
    await x.start(200, {"content-type": "application/json"})
    await x.chunk(b"[")
    for number, each in enumerate(found):
        await x.chunk((b"," if number else b"") + await _row(x, each))
    return await x.chunk(b"]\n", more=False)


async def find(
    x: Exchange[AccessT], doc_id: str, revs: list[Revision] | None, latest: bool
) -> Found:
    """What is there, oldest first where the caller did not name every one; then what is not."""
    found = await x.engine.open_revs(x.db, doc_id, revs, latest)
    if revs is not None and not latest:
        return found
    there: Found = [each for each in found if isinstance(each, Document)]
    there.sort(key=lambda each: (generation(each.rev), each.rev))
    return [*there, *(each for each in found if isinstance(each, Missing))]


def _wanted(x: Exchange[AccessT]) -> list[Revision] | None:
    if x.query["open_revs"] == "all":
        return None
    parsed = x.json_query("open_revs")
    if not isinstance(parsed, list):
        raise BadRequest("open_revs must be `all` or an array of revisions")
    return [check_revision(rev) for rev in parsed]


async def _row(x: Exchange[AccessT], found: Document | Missing) -> bytes:
    if isinstance(found, Missing):
        return orjson.dumps({"missing": found.rev})
    return b'{"ok":' + await document_json(x, found, winner=False) + b"}"


async def _mixed(x: Exchange[AccessT], found: Found) -> None:
    """A part each: a document's JSON, or a multipart/related with its attachments."""
    outer, inner = uuid4().hex, uuid4().hex
    kind = f'multipart/mixed; boundary="{outer}"'
    await x.start(200, {"content-type": kind, "cache-control": ""})
    mark = f"--{outer}".encode()
    await x.chunk(mark)
    for each in found:
        await _part(x, each, inner)
        await x.chunk(b"\r\n" + mark)
    await x.chunk(b"--", more=False)


async def _part(x: Exchange[AccessT], found: Document | Missing, boundary: str) -> None:
    if isinstance(found, Missing):
        text = orjson.dumps({"missing": found.rev})
        head = b'\r\nContent-Type: application/json; error="true"\r\n\r\n'
        return await x.chunk(head + text)
    text, followers = await document_followed(x, found, winner=False)
    if not followers:
        return await x.chunk(b"\r\nContent-Type: application/json\r\n\r\n" + text)
    kind = f'\r\nContent-Type: multipart/related; boundary="{boundary}"\r\n\r\n'
    await x.chunk(kind.encode())
    async for piece in related(boundary, text, followers):
        await x.chunk(piece)
    return None
