"""CouchDB's HTTP protocol over an engine, as an ASGI application.

Mount it under any path (`root_path` is cut off) or serve it alone. Every refusal is CouchDB's
`{"error": …, "reason": …}` with its status code.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Generic
from urllib.parse import unquote_to_bytes

from sync import (
    wire_all_docs,
    wire_attachment,
    wire_bulk_docs,
    wire_bulk_get,
    wire_changes,
    wire_database,
    wire_document,
    wire_local,
    wire_server,
)
from sync.engine import Engine
from sync.gate import AccessT, Gate
from sync.limits import Limits
from sync.model import (
    NO_DATABASE,
    BadRequest,
    IllegalDocumentId,
    MethodNotAllowed,
    NotFound,
    SyncError,
    Unavailable,
    Unsupported,
)
from sync.tally import Tally
from sync.wire_exchange import ClientGone, Exchange, Receive, Scope, Send

log = logging.getLogger("sync.wire")
Handler = Callable[[Exchange[Any]], Awaitable[None]]
Methods = dict[str, Handler]

DATABASE: Methods = {
    "DELETE": wire_database.delete,
    "GET": wire_database.get,
    "HEAD": wire_database.get,
    "POST": wire_database.post,
    "PUT": wire_database.put,
}
DOCUMENT: Methods = {
    "DELETE": wire_document.delete,
    "GET": wire_document.get,
    "HEAD": wire_document.get,
    "PUT": wire_document.put,
    "COPY": wire_document.copy,
}
ATTACHMENT: Methods = {
    "DELETE": wire_attachment.delete,
    "GET": wire_attachment.get,
    "HEAD": wire_attachment.get,
    "PUT": wire_attachment.put,
}
LOCAL: Methods = {
    "DELETE": wire_local.delete,
    "GET": wire_local.get,
    "HEAD": wire_local.get,
    "PUT": wire_local.put,
}
SPECIAL: dict[str, Methods] = {
    "_revs_diff": {"POST": wire_database.revs_diff},
    "_missing_revs": {"POST": wire_database.missing_revs},
    "_bulk_docs": {"POST": wire_bulk_docs.post},
    "_bulk_get": {"POST": wire_bulk_get.post},
    "_changes": dict.fromkeys(("GET", "POST", "HEAD"), wire_changes.serve),
    "_all_docs": dict.fromkeys(("GET", "HEAD", "POST"), wire_all_docs.serve),
    "_local_docs": {"GET": wire_local.every},
    "_design_docs": dict.fromkeys(("GET", "HEAD", "POST"), wire_all_docs.design_docs),
    "_ensure_full_commit": {"POST": wire_database.ensure_full_commit},
    "_compact": {"POST": wire_database.compact},
    "_view_cleanup": {"POST": wire_database.view_cleanup},
    "_purge": {"POST": wire_database.purge},
    "_revs_limit": {"PUT": wire_database.put_revs_limit, "GET": wire_database.get_revs_limit},
    "_security": {"PUT": wire_server.put_security, "GET": wire_server.get_security},
}
SERVER: dict[str, Methods] = {
    "": dict.fromkeys(("GET", "HEAD"), wire_server.welcome),
    "_up": dict.fromkeys(("GET", "HEAD"), wire_server.up),
    "_all_dbs": dict.fromkeys(("GET", "HEAD"), wire_server.all_dbs),
    "_dbs_info": {"POST": wire_server.dbs_info},
    "_db_updates": dict.fromkeys(("GET", "HEAD"), wire_server.db_updates),
    "_session": {
        "GET": wire_server.session,
        "HEAD": wire_server.session,
        "POST": wire_server.no_session,
        "DELETE": wire_server.no_session,
    },
    "_uuids": {"GET": wire_server.uuids},
}
UNSUPPORTED = {
    "_view": "Views need server-side JavaScript, which this server does not run.",
    "_show": "Show functions need server-side JavaScript, which this server does not run.",
    "_list": "List functions need server-side JavaScript, which this server does not run.",
    "_update": "Update functions need server-side JavaScript, which this server does not run.",
    "_info": "Views need server-side JavaScript, which this server does not run.",
    "_rewrite": "Rewrites are not offered.",
    "_find": "Mango queries are not offered.",
    "_index": "Mango indexes are not offered.",
    "_explain": "Mango queries are not offered.",
    "_temp_view": "Views need server-side JavaScript, which this server does not run.",
    "_partition": "Databases have no partitions.",
    "_shards": "Databases have no shards.",
    "_purged_infos_limit": "What was purged is not remembered.",
}
UNSUPPORTED_SERVER = {
    "_active_tasks",
    "_cluster_setup",
    "_global_changes",
    "_membership",
    "_node",
    "_replicate",
    "_replicator",
    "_reshard",
    "_scheduler",
    "_users",
    "_utils",
}
PUSHES = {
    wire_attachment.put,
    wire_bulk_docs.post,
    wire_database.post,
    wire_document.copy,
    wire_document.put,
}


class Wire(Generic[AccessT]):
    def __init__(self, engine: Engine, gate: Gate[AccessT], limits: Limits) -> None:
        self._engine = engine
        self._gate = gate
        self._limits = limits
        self.tally = Tally()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1000})
        if scope["type"] != "http":
            raise RuntimeError(f"the wire speaks HTTP, not {scope['type']}")
        x = Exchange(self._engine, self._gate, self._limits, scope, receive, send, self.tally)
        try:
            segments = _segments(scope)
            x.db, x.path = (segments[0], segments[1:]) if segments else ("", [])
            await self._answer(x)
        except ClientGone:
            return None
        except SyncError as error:
            if x.started:  # the answer has begun: break it off, so that nobody takes it for whole
                raise
            await x.refuse(error)
        except Exception:
            if x.started:
                raise
            log.exception("%s %s failed", scope["method"], scope["path"])
            await x.refuse(SyncError())

    async def _answer(self, x: Exchange[AccessT]) -> None:
        named = x.db if x.db and not x.db.startswith("_") else None
        x.access = await self._gate.authorize(x.headers, x.method, named)
        if named is None:
            return await self._server(x)
        handler = _handler(x)
        if handler not in PUSHES:
            return await handler(x)
        if self.tally.pushing >= self._limits.pushes:
            raise Unavailable("Too many devices send at once. Try again.", retry_after=5)
        self.tally.pushing += 1
        try:
            return await handler(x)
        finally:
            self.tally.pushing -= 1

    async def _server(self, x: Exchange[AccessT]) -> None:
        if x.db in UNSUPPORTED_SERVER:
            raise Unsupported(f"{x.db} is not offered by this server.")
        if x.db not in SERVER and x.method == "PUT":
            return await wire_database.put(x)  # which refuses the name
        if x.db not in SERVER:
            raise NotFound(NO_DATABASE)
        return await _chosen(SERVER[x.db], x.method)(x)


def _segments(scope: Scope) -> list[str]:
    """The decoded segments of the path below the mount. A database or document name may have
    `%2F`; a plus sign is a space, as in CouchDB."""
    raw = scope.get("raw_path") or scope["path"].encode()
    root = scope.get("root_path", "").encode()
    raw = raw.partition(b"?")[0]
    if root and raw.startswith(root):
        raw = raw[len(root) :]
    try:
        parts = raw.replace(b"+", b"%20").strip(b"/").split(b"/")
        found = [unquote_to_bytes(part).decode() for part in parts]
    except UnicodeDecodeError:
        raise BadRequest("The path is not UTF-8.") from None
    if len(found) > 1 and found[1].startswith("_design/"):
        found[1:2] = found[1].split("/", 1)
    return found if found != [""] else []


def _handler(x: Exchange[Any]) -> Handler:
    return _chosen(_methods(x.path, x.method), x.method)


def _chosen(methods: Methods, method: str) -> Handler:
    if method not in methods:
        raise MethodNotAllowed(",".join(methods))
    return methods[method]


def _methods(path: list[str], method: str) -> Methods:
    if not path:
        return DATABASE
    head = path[0]
    if head == "_local" and len(path) > 1:
        return LOCAL
    if head == "_design":
        if len(path) > 2 and path[2] in UNSUPPORTED:
            raise Unsupported(UNSUPPORTED[path[2]])
        return _document(len(path) - 1)
    if head in UNSUPPORTED:
        raise Unsupported(UNSUPPORTED[head])
    if head.startswith("_"):
        return _special(path, method)
    return _document(len(path))


def _special(path: list[str], method: str) -> Methods:
    if path[0] not in SPECIAL:
        raise IllegalDocumentId if method == "PUT" else NotFound("missing")
    if len(path) > 1:
        raise Unsupported(f"{'/'.join(path)[:80]} is not offered.")
    return SPECIAL[path[0]]


def _document(length: int) -> Methods:
    if length < 1:
        raise NotFound("missing")
    return DOCUMENT if length == 1 else ATTACHMENT
