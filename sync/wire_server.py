"""What belongs to no database: the welcome, `_up`, `_all_dbs`, `_dbs_info`, `_session`, `_uuids`,
`_db_updates`; and the `_security` of a database."""

from __future__ import annotations

import asyncio
import hashlib
from base64 import b32encode, b64decode
from typing import Any
from uuid import uuid4

import orjson

from sync.gate import AccessT
from sync.model import BadRequest, Forbidden, NotFound, Update
from sync.wire_database import information
from sync.wire_exchange import Exchange, natural

VERSION = "3.4.3"
"""The CouchDB whose answers these are."""
_TIMEOUT = 60_000
_MOST_UUIDS = 1000


async def welcome(x: Exchange[AccessT]) -> None:
    said = {"couchdb": "Welcome", "version": VERSION, "features": []}
    await x.reply(200, {**said, "vendor": {"name": "Đổi Bằng sync"}})


async def up(x: Exchange[AccessT]) -> None:
    await x.reply(200, {"status": "ok", "seeds": {}})


async def all_dbs(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "list", None)
    key = x.json_query("key")
    start = str(x.json_query("startkey") or x.json_query("start_key") or key or "")
    end = x.json_query("endkey") or x.json_query("end_key") or key
    found = await x.engine.databases(start, x.number("limit", 10**9))
    names = [name for name in found if end is None or name <= str(end)]
    await x.reply(200, names, etag=f'"{_hash(orjson.dumps(names))}"')


def _hash(text: bytes) -> str:
    return b32encode(hashlib.md5(text, usedforsecurity=False).digest()).decode().rstrip("=")


async def dbs_info(x: Exchange[AccessT]) -> None:
    """What `GET /db` says, of the databases that `keys` names."""
    await x.gate.administer(x.access, "list", None)
    keys = (await x.json_object()).get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise BadRequest("`keys` member must exist.")
    rows: list[dict[str, Any]] = []
    for key in keys:
        try:
            rows.append({"key": key, "info": information(await x.engine.info(key))})
        except NotFound:
            rows.append({"key": key, "error": "not_found"})
    await x.reply(200, rows)


async def session(x: Exchange[AccessT]) -> None:
    """Who the gate let in, by the name that Basic authentication gave it (RFC 7617)."""
    scheme, _, token = x.headers.get("authorization", "").partition(" ")
    name = b64decode(token).decode().partition(":")[0] if scheme.lower() == "basic" else None
    context: dict[str, Any] = {"name": name, "roles": []}
    await x.reply(200, {"ok": True, "userCtx": context, "info": {"authenticated": "default"}})


async def no_session(x: Exchange[AccessT]) -> None:
    """404, by which CouchDB's replicator knows to send its password with each request."""
    await x.body()  # the connection is used again
    raise NotFound("There are no sessions with cookies; every request says who sends it.")


async def uuids(x: Exchange[AccessT]) -> None:
    count = x.number("count", 1)
    if count > _MOST_UUIDS:
        raise Forbidden("count parameter too large")
    found = [uuid4().hex for _ in range(count)]
    await x.reply(
        200,
        {"uuids": found},
        cache_control="no-cache",
        pragma="no-cache",
        expires="Mon, 01 Jan 1990 00:00:00 GMT",
        etag=f'"{_hash(orjson.dumps(found))}"',
    )


async def db_updates(x: Exchange[AccessT]) -> None:
    """Databases that changed: `feed` normal, longpoll or continuous."""
    await x.gate.administer(x.access, "list", None)
    feed = x.query.get("feed", "normal")
    if feed not in ("normal", "longpoll", "continuous"):
        raise BadRequest(f"Supported `feed` types: normal, longpoll, continuous; not {feed[:40]!r}")
    since = x.query.get("since", "0" if feed == "normal" else "now")
    if feed == "continuous":
        return await _continuous(x, since)
    seconds = x.number("timeout", _TIMEOUT) / 1000 if feed == "longpoll" else 0
    page = await x.engine.updates(since, seconds)
    rows = [_row(each) for each in page.results]
    return await x.reply(200, {"results": rows, "last_seq": page.last_seq})


async def _continuous(x: Exchange[AccessT], since: str) -> None:
    """Lines until the client goes, or `timeout` passes without a change where no heartbeat is
    wanted."""
    beat = x.query.get("heartbeat")
    heartbeat = beat not in (None, "false")
    wait = natural("heartbeat", beat) if heartbeat and beat != "true" else _TIMEOUT
    if not heartbeat:
        wait = x.number("timeout", _TIMEOUT)
    page = await x.engine.updates(since)
    await x.start(200, {"content-type": "application/json"})
    await x.chunk(b"\n")  # the head goes out now: whoever follows knows that the feed listens
    await x.flush()
    gone = asyncio.ensure_future(x.disconnected())
    try:
        while not gone.done():
            for each in page.results:
                await x.chunk(orjson.dumps(_row(each)) + b"\n")
            await x.flush()
            more = asyncio.ensure_future(x.engine.updates(page.last_seq, wait / 1000))
            await asyncio.wait((gone, more), return_when=asyncio.FIRST_COMPLETED)
            if not more.done():
                more.cancel()
                break
            page = more.result()
            if not page.results and not heartbeat:
                break
            if not page.results:
                await x.chunk(b"\n")
                await x.flush()
        await x.chunk(orjson.dumps({"last_seq": page.last_seq}) + b"\n", more=False)
    finally:
        gone.cancel()


def _row(update: Update) -> dict[str, str]:
    return {"db_name": update.db, "type": update.kind, "seq": update.seq}


def _is_group(group: Any) -> bool:
    return isinstance(group, dict) and all(
        isinstance(group.get(name, []), list) and all(isinstance(e, str) for e in group[name])
        for name in ("names", "roles")
        if name in group
    )


async def get_security(x: Exchange[AccessT]) -> None:
    await x.reply(200, await x.engine.security(x.db))


async def put_security(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "secure", x.db)
    security = await x.json_object()
    for group in ("admins", "members"):
        if not _is_group(security.get(group, {})):
            raise BadRequest(f"{group} must be an object of the arrays `names` and `roles`")
    await x.engine.set_security(x.db, security)
    await x.reply(200, {"ok": True})
