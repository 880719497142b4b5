"""GET and POST /db/_all_docs and `_design_docs`: the documents by id."""

from __future__ import annotations

from typing import Any

import orjson

from sync.gate import AccessT
from sync.model import BadRequest, DocumentRow, QueryParseError
from sync.wire_exchange import Exchange, parse_json, parse_object
from sync.wire_read import document_json

Row = dict[str, Any]
_HIGHEST = "\U0010ffff"
_KEYS = ("key", "keys", "startkey", "start_key", "endkey", "end_key")
_FLAGS = ("descending", "include_docs", "inclusive_end", "conflicts", "attachments", "update_seq")
_NUMBERS = ("limit", "skip")
_DESIGN = ("_design/", "_design0")


async def serve(x: Exchange[AccessT]) -> None:
    asked = await _options(x)
    info = await x.engine.info(x.db)
    head: Row = {"total_rows": info.doc_count}
    if asked["update_seq"]:
        head["update_seq"] = info.update_seq
    if "keys" in asked:
        rows = await _rows_of_keys(x, asked)
        head["offset"] = None
    else:
        rows = await _rows_of_range(x, asked)
        head["offset"] = min(asked["skip"], info.doc_count)
    await _write(x, head, rows, asked["include_docs"])


async def design_docs(x: Exchange[AccessT]) -> None:
    """The documents below `_design/`, which are stored and not run."""
    asked = await _options(x)
    asked |= {"startkey": _DESIGN[0], "endkey": _DESIGN[1]}
    if asked["descending"]:
        asked |= {"startkey": _DESIGN[1], "endkey": _DESIGN[0]}
    rows = await _rows_of_range(x, asked)
    await _write(x, {"total_rows": len(rows), "offset": 0}, rows, asked["include_docs"])


async def _write(x: Exchange[AccessT], head: Row, rows: list[Row], include_docs: bool) -> None:
    await x.start(200, {"content-type": "application/json"})
    await x.chunk(orjson.dumps(head)[:-1] + b',"rows":[\n')
    for number, row in enumerate(rows):
        text = orjson.dumps(row)
        if include_docs and "id" in row:
            text = text[:-1] + b',"doc":' + await _winner(x, row) + b"}"
        await x.chunk((b",\n" if number else b"") + text)
    await x.chunk(b"\n]}\n", more=False)


async def _winner(x: Exchange[AccessT], row: Row) -> bytes:
    if row["value"].get("deleted"):
        return b"null"
    document = await x.engine.get(x.db, row["id"], row["value"]["rev"])
    return await document_json(x, document, winner=True)


async def _options(x: Exchange[AccessT]) -> Row:
    """The query, and with POST the members of the body over it."""
    asked: Row = dict(x.query)
    for name in _KEYS:
        if name in asked:
            asked[name] = x.json_query(name)
    if x.method == "POST":
        x.require_json()
        asked |= parse_object(await x.body() or b"{}")
    several = isinstance(asked.get("keys"), list) and len(asked["keys"]) > 1
    if several and any(name in asked for name in _KEYS if name != "keys"):
        raise QueryParseError("`keys` is incompatible with `key`, `start_key` and `end_key`")
    for name in _FLAGS:
        asked[name] = _flag(asked.get(name, name == "inclusive_end"))
    for name in _NUMBERS:
        asked[name] = _number(asked.get(name, 0 if name == "skip" else 10**12))
    return asked


def _flag(value: Any) -> bool:
    if value not in (True, False, "true", "false"):
        raise QueryParseError(f'Invalid boolean parameter: "{str(value)[:40]}"')
    return value in (True, "true")


def _number(value: Any) -> int:
    parsed: Any = value
    if isinstance(value, str):
        try:
            parsed = parse_json(value.encode())
        except BadRequest:
            parsed = None
    if type(parsed) is not int:
        raise QueryParseError(f'Invalid value for integer: "{str(value)[:40]}"')
    if parsed < 0:
        raise QueryParseError(f'Invalid value for positive integer: "{str(value)[:40]}"')
    return min(parsed, 10**12)


async def _rows_of_keys(x: Exchange[AccessT], asked: Row) -> list[Row]:
    keys = asked["keys"]
    if not isinstance(keys, list):
        raise BadRequest("`keys` body member must be an array.")
    if asked["descending"]:
        keys = keys[::-1]
    keys = keys[asked["skip"] : asked["skip"] + asked["limit"]]
    ids = [key for key in keys if isinstance(key, str)]
    found = dict(zip(ids, await x.engine.rows(x.db, ids), strict=True))
    rows: list[Row] = []
    for key in keys:
        row = found.get(key) if isinstance(key, str) else None
        if row is None or not await x.gate.visible(x.access, x.db, row.id):
            rows.append({"key": key, "error": "not_found"})
        else:
            rows.append(_row(row))
    return rows


async def _rows_of_range(x: Exchange[AccessT], asked: Row) -> list[Row]:
    start = asked.get("startkey", asked.get("start_key", asked.get("key")))
    end = asked.get("endkey", asked.get("end_key", asked.get("key")))
    found = await x.engine.all_docs(
        x.db,
        start=_bound(start),
        end=_bound(end),
        inclusive_end=asked["inclusive_end"],
        limit=asked["limit"],
        skip=asked["skip"],
        descending=asked["descending"],
    )
    return [_row(row) for row in found if await x.gate.visible(x.access, x.db, row.id)]


def _bound(key: Any) -> str | None:
    """Of an id. In CouchDB's order numbers come before texts, arrays and objects after them."""
    if isinstance(key, str | None):
        return key
    return _HIGHEST if isinstance(key, list | dict) else ""


def _row(row: DocumentRow) -> Row:
    value: Row = {"rev": row.rev}
    if row.deleted:
        value["deleted"] = True
    return {"id": row.id, "key": row.id, "value": value}
