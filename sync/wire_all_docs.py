"""GET and POST /db/_all_docs: the documents by id."""

from __future__ import annotations

from typing import Any

import orjson

from sync.gate import AccessT
from sync.model import BadRequest
from sync.wire_exchange import Exchange, natural, parse_object
from sync.wire_json import write_document


async def serve(x: Exchange[AccessT]) -> None:
    asked = await _all_docs_options(x)
    total = (await x.engine.info(x.db)).doc_count
    keys = asked.get("keys")
    if keys is not None:
        rows = await _rows_of_keys(x, keys)
    else:
        rows = await _rows_of_range(x, asked)
    include_docs = asked.get("include_docs") in (True, "true")
    await x.start(200, {"content-type": "application/json"})
    await x.chunk(b'{"total_rows":%d,"offset":0,"rows":[\n' % total)
    for number, row in enumerate(rows):
        text = orjson.dumps(row)
        if include_docs and "id" in row:
            text = text[:-1] + b',"doc":' + await _winner(x, row) + b"}"
        await x.chunk((b",\n" if number else b"") + text)
    await x.chunk(b"\n]}\n", more=False)


async def _winner(x: Exchange[AccessT], row: dict[str, Any]) -> bytes:
    if row["value"].get("deleted"):
        return b"null"
    return write_document(await x.engine.get(x.db, row["id"], row["value"]["rev"]))


async def _all_docs_options(x: Exchange[AccessT]) -> dict[str, Any]:
    """The query, and with POST the members of the body over it."""
    asked: dict[str, Any] = dict(x.query)
    for name in ("key", "keys", "startkey", "start_key", "endkey", "end_key"):
        if name in asked:
            asked[name] = x.json_query(name)
    if x.method == "POST":
        x.require_json()
        asked |= parse_object(await x.body() or b"{}")
    if "key" in asked:
        asked["keys"] = [asked.pop("key")]
    return asked


async def _rows_of_keys(x: Exchange[AccessT], keys: Any) -> list[dict[str, Any]]:
    if not isinstance(keys, list):
        raise BadRequest("`keys` body member must be an array.")
    ids = [key for key in keys if isinstance(key, str)]
    found = dict(zip(ids, await x.engine.rows(x.db, ids), strict=True))
    rows: list[dict[str, Any]] = []
    for key in keys:
        row = found.get(key) if isinstance(key, str) else None
        if row is None or not await x.gate.visible(x.access, x.db, row.id):
            rows.append({"key": key, "error": "not_found"})
            continue
        value = {"rev": row.rev, "deleted": True} if row.deleted else {"rev": row.rev}
        rows.append({"id": row.id, "key": row.id, "value": value})
    return rows


async def _rows_of_range(x: Exchange[AccessT], asked: dict[str, Any]) -> list[dict[str, Any]]:
    start = asked.get("startkey", asked.get("start_key"))
    end = asked.get("endkey", asked.get("end_key"))
    if not isinstance(start, str | None) or not isinstance(end, str | None):
        raise BadRequest("startkey and endkey must be strings")
    found = await x.engine.all_docs(
        x.db,
        start=start,
        end=end,
        inclusive_end=asked.get("inclusive_end") not in (False, "false"),
        limit=natural("limit", asked.get("limit", 10**12)),
        skip=natural("skip", asked.get("skip", 0)),
        descending=asked.get("descending") in (True, "true"),
    )
    return [
        {"id": row.id, "key": row.id, "value": {"rev": row.rev}}
        for row in found
        if await x.gate.visible(x.access, x.db, row.id)
    ]
