"""What belongs to no database: the welcome, `_up`, `_all_dbs`, `_session`, `_db_updates`; and the
`_security` of a database."""

from __future__ import annotations

import asyncio

import orjson

from sync.gate import AccessT
from sync.model import BadRequest, Update
from sync.wire_exchange import Exchange, natural

VERSION = "3.4.3"
"""The CouchDB whose answers these are."""
_TIMEOUT = 60_000


async def welcome(x: Exchange[AccessT]) -> None:
    said = {"couchdb": "Welcome", "version": VERSION, "features": []}
    await x.reply(200, {**said, "vendor": {"name": "Đổi Bằng sync"}})


async def up(x: Exchange[AccessT]) -> None:
    await x.reply(200, {"status": "ok", "seeds": {}})


async def all_dbs(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "list", None)
    start = str(x.json_query("startkey") or x.json_query("start_key") or "")
    limit = x.number("limit", 10**9)
    await x.reply(200, await x.engine.databases(start, limit))


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
    gone = asyncio.ensure_future(x.disconnected())
    try:
        while not gone.done():
            for each in page.results:
                await x.chunk(orjson.dumps(_row(each)) + b"\n")
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
        await x.chunk(orjson.dumps({"last_seq": page.last_seq}) + b"\n", more=False)
    finally:
        gone.cancel()


def _row(update: Update) -> dict[str, str]:
    return {"db_name": update.db, "type": update.kind, "seq": update.seq}


async def get_security(x: Exchange[AccessT]) -> None:
    await x.reply(200, await x.engine.security(x.db))


async def put_security(x: Exchange[AccessT]) -> None:
    await x.gate.administer(x.access, "secure", x.db)
    await x.engine.set_security(x.db, await x.json_object())
    await x.reply(200, {"ok": True})
