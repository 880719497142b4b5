"""What a request of `_changes` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from sync.engine import Style
from sync.gate import AccessT
from sync.model import BadRequest, NotFound, Unsupported
from sync.wire_exchange import Exchange, natural, parse_object

FEEDS = ("normal", "continuous", "live", "longpoll", "eventsource")
_TIMEOUT = 60_000
"""Milliseconds that a feed waits where the client names no time (CouchDB's)."""


@dataclass(frozen=True, slots=True)
class Options:
    """`heartbeat` and `seconds` in seconds; None: none, and for ever."""

    feed: str
    since: str
    limit: int
    style: Style
    descending: bool
    include_docs: bool
    heartbeat: float | None
    seconds: float | None
    doc_ids: frozenset[str] | None
    design: bool


async def parse_options(x: Exchange[AccessT]) -> Options:
    doc_ids, design = await _filter(x)
    feed = x.query.get("feed", "normal")
    if feed not in FEEDS:
        raise BadRequest(f"Supported `feed` types: {', '.join(FEEDS)}")
    style = x.query.get("style", "main_only")
    if style not in ("main_only", "all_docs"):
        raise BadRequest("style must be main_only or all_docs")
    heartbeat, seconds = _times(x)
    return Options(
        feed=feed,
        since=_since(x, feed),
        limit=x.number("limit", 10**12),
        style="all_docs" if style == "all_docs" else "main_only",
        descending=x.flag("descending"),
        include_docs=x.flag("include_docs"),
        heartbeat=heartbeat,
        seconds=seconds,
        doc_ids=doc_ids,
        design=design,
    )


def _since(x: Exchange[AccessT], feed: str) -> str:
    again = x.headers.get("last-event-id", "0") if feed == "eventsource" else "0"
    return x.query.get("since", again).strip('"')


def _times(x: Exchange[AccessT]) -> tuple[float | None, float | None]:
    beat = x.query.get("heartbeat")
    heartbeat = None if beat in (None, "false") else 60_000
    if beat not in (None, "false", "true"):
        try:
            heartbeat = max(natural("heartbeat", beat), 100)
        except BadRequest:
            raise BadRequest(
                "Invalid heartbeat value. Expecting a positive integer value (in milliseconds)."
            ) from None
    waiting = None if heartbeat else min(x.number("timeout", _TIMEOUT), _TIMEOUT)
    if heartbeat and "timeout" in x.query:
        waiting = x.number("timeout", _TIMEOUT)
    return (
        heartbeat / 1000 if heartbeat else None,
        waiting / 1000 if waiting is not None else None,
    )


async def _filter(x: Exchange[AccessT]) -> tuple[frozenset[str] | None, bool]:
    """The ids that `filter=_doc_ids` chooses (None: all), and whether only design documents are
    wanted."""
    name = x.query.get("filter")
    parsed: dict[str, Any] = {}
    if x.method == "POST":
        x.require_json()
        parsed = parse_object(await x.body() or b"{}")
    if name == "_design":
        return None, True
    if name == "_doc_ids":
        ids = parsed.get("doc_ids", x.json_query("doc_ids"))
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise BadRequest("`doc_ids` filter parameter is not a list of doc ids.")
        return frozenset(ids), False
    if name is not None:
        await _refuse(x, name)
    return None, False


async def _refuse(x: Exchange[AccessT], name: str) -> NoReturn:
    """A filter that needs JavaScript or Mango: `Unsupported`, and where there is no such filter
    what CouchDB says to that."""
    if name == "_view":
        view = x.query.get("view", "")
        if not view:
            raise BadRequest("`view` filter parameter is not provided.")
        await _check_function(x, "views", view, "`view` must be of the form `designname/viewname`")
    elif name.startswith("_") and name != "_selector":
        raise BadRequest("unknown builtin filter name")
    elif name != "_selector":
        wrong = "`filter` must be of the form `designname/filtername`"
        await _check_function(x, "filters", name, wrong)
    raise Unsupported("Only the filters _doc_ids and _design are offered.")


async def _check_function(x: Exchange[AccessT], kind: str, name: str, wrong: str) -> None:
    """`NotFound` where no design document has the function `<design>/<name>`."""
    parts = [part for part in name.split("/") if part]
    if len(parts) != 2:
        raise BadRequest(wrong)
    body: Any = (await x.engine.get(x.db, f"_design/{parts[0]}")).body
    for key in (kind, parts[1]):
        if not isinstance(body, Mapping) or body.get(key) is None:
            raise NotFound(f"missing json key: {key}")
        body = body[key]
