"""Requests as data, played to a CouchDB or to our server, and their answers made comparable."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

import httpx2

DB = "conformance"
Json = Any
Answer = dict[str, Json]
"""`status`, `headers` (those that are compared), `body`."""


@dataclass(frozen=True)
class Request:
    """`path` is below the scenario's database unless it begins with `//`. `$name` stands for what
    an earlier answer of the scenario gave: `keep` maps such a name to a place in the answer's
    JSON (`results.0.seq`). `meanwhile` is sent after the first heartbeat of the answer. `note`
    says what is particular where method and path do not."""

    method: str
    path: str
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    keep: Mapping[str, str] = field(default_factory=dict)
    meanwhile: Request | None = None
    note: str = ""

    @property
    def title(self) -> str:
        return f"{self.method} {self.path}" + (f" ({self.note})" if self.note else "")


Scenarios = dict[str, list[Request]]


def play(http: httpx2.Client, requests: list[Request]) -> Iterator[Answer]:
    """The answers in order. Begins with a fresh database and removes it afterwards."""
    http.delete(f"/{DB}")
    http.put(f"/{DB}", params={"q": "1"}).raise_for_status()
    kept: dict[str, str] = {}
    try:
        for request in requests:
            yield _send(http, request, kept)
    finally:
        http.delete(f"/{DB}")


def client(url: str) -> httpx2.Client:
    """Of a server, the administrator's name and password in its address."""
    parts = urlsplit(url)
    return httpx2.Client(
        base_url=f"{parts.scheme}://{parts.hostname}:{parts.port}",
        auth=httpx2.BasicAuth(parts.username or "", parts.password or ""),
        headers={"accept": "application/json", "accept-encoding": "identity"},
        timeout=20,
        trust_env=False,
    )


def _send(http: httpx2.Client, request: Request, kept: dict[str, str]) -> Answer:
    path = _filled(request.path, kept)
    path = path[1:] if path.startswith("//") else f"/{DB}{path}"
    headers = {name.lower(): _filled(value, kept) for name, value in request.headers.items()}
    body = request.body
    if isinstance(body, dict | list):
        headers.setdefault("content-type", "application/json")
        body = _filled(json.dumps(body), kept)
    with http.stream(request.method, path, content=body, headers=headers) as answer:
        pieces = answer.iter_raw()
        data = b""
        if request.meanwhile is not None:
            for piece in pieces:
                data += piece
                if piece.strip() in (b"", _BEAT.strip()):
                    break
            _send(http, request.meanwhile, kept)
        data += b"".join(pieces)
    said = _body(answer, data)
    for name, place in request.keep.items():
        kept[name] = str(_at(said, place))
    return {
        "status": answer.status_code,
        "headers": _headers(answer),
        "body": _comparable(said),
    }


def _filled(text: str, kept: Mapping[str, str]) -> str:
    return re.sub(r"\$([a-z][a-z0-9]*)", lambda found: kept.get(found[1], found[0]), text)


def _at(said: Json, place: str) -> Json:
    for step in place.split("."):
        said = said[int(step) if step.isdigit() else step]
    return said


# What an answer says, in a form that can be compared

_SAID_BY_THE_CONNECTION = {
    "date": "a date",
    "server": "the program's name",
    "transfer-encoding": "how the bytes are cut, which is HTTP's affair",
    "connection": "HTTP's affair",
    "x-couch-request-id": "a random number",
    "x-couchdb-body-time": "a duration",
}
_NAMED_BY_UUID = {"id", "_id", "key", "uuids"}
_UUID = re.compile(r"(?<![0-9a-f-])[0-9a-f]{32}(?![0-9a-f])")
_SEQ = re.compile(r"([0-9]+)-(?:g[12][A-Za-z0-9_-]{20,}|[0-9a-f]{12}(?![0-9a-f]))")
_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d[- ][A-Z][a-z]{2}[- ]\d{4} \d\d:\d\d:\d\d GMT")
_HASH = re.compile(r'"([0-9A-Z]{20,26}|[0-9]+-[0-9a-f]{12})"')
"""An ETag that is a hash of seqs or of Erlang terms; those of documents and attachments are not."""
_BEAT = b"event: heartbeat\ndata: \n\n"
_HOST = re.compile(r"https?://[^/]+")
_USUAL = {"cache-control": "must-revalidate", "content-type": "application/json"}
"""Left out where an answer has them, so that a fixture shows what is particular."""


def _headers(answer: httpx2.Response) -> dict[str, str]:
    found = {
        name.lower(): _HOST.sub("http://host", value)
        for name, value in answer.headers.items()
        if name.lower() not in _SAID_BY_THE_CONNECTION
    }
    if "application/json" in found.get("content-type", ""):
        found.pop("content-length", None)  # uuids and seqs have other lengths
    if "multipart/" in found.get("content-type", ""):
        found.pop("content-length", None)
        found["content-type"] = found["content-type"].partition(";")[0]
    for name, usual in _USUAL.items():
        if found.get(name) == usual:
            del found[name]
        else:
            found.setdefault(name, "absent")
    return {name: _opaque(_HASH.sub('"*"', value)) for name, value in sorted(found.items())}


def _body(answer: httpx2.Response, data: bytes) -> Json:
    kind = answer.headers.get("content-type", "")
    if answer.request.method == "HEAD" or not data:
        return data.decode() or None
    if kind.startswith("multipart/"):
        return _parts(data, kind)
    text = data.decode("utf-8", "backslashreplace")
    if not kind.startswith("application/json"):
        return re.sub(f"({_BEAT.decode()})+", _BEAT.decode(), text)
    try:
        return json.loads(text)
    except ValueError:  # a feed: one JSON value a line, empty lines are heartbeats
        return [_line(line) for line in text.split("\n") if line]


def _line(line: str) -> Json:
    try:
        return json.loads(line)
    except ValueError:
        return line


def _parts(data: bytes, kind: str) -> list[Json]:
    """Headers and body of each part; a part may have parts itself."""
    message = Message()
    message["content-type"] = kind
    mark = b"--" + str(message.get_param("boundary")).encode()
    assert data.rstrip().endswith(mark + b"--"), data[-80:]
    found: list[Json] = []
    for piece in (b"\r\n" + data).split(b"\r\n" + mark)[1:-1]:
        head, _, body = piece.partition(b"\r\n\r\n")
        headers = Message()
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.decode().partition(": ")
            headers[name.lower()] = value
        own = headers.get("content-type", "")
        said: Json = body.decode("utf-8", "backslashreplace")
        if own.startswith("multipart/"):
            said = _parts(body, own)
            headers.replace_header("content-type", own.partition(";")[0])
        elif own.startswith("application/json"):
            said = json.loads(body)
        found.append({"headers": dict(headers.items()), "body": said})
    return found


_VARIES = {
    "instance_start_time": "a date",
    "uuid": "a uuid",
    "sizes": "what storing takes, which differs with the store",
}


def _comparable(said: Json, name: str = "") -> Json:
    if name in _VARIES:
        return "*"
    if isinstance(said, dict):
        return {key: _comparable(value, key) for key, value in said.items()}
    if isinstance(said, list):
        return [_comparable(each, name) for each in said]
    if not isinstance(said, str):
        return said
    return _opaque(said) if name in _NAMED_BY_UUID else _SEQ.sub(_seq, said)


def _opaque(text: str) -> str:
    return _SEQ.sub(_seq, _UUID.sub("*", _DATE.sub("*", text)))


def _seq(found: re.Match[str]) -> str:
    """Opaque, but the beginning is told from the rest."""
    return "0-*" if found[1] == "0" else "n-*"
