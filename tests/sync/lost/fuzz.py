"""Requests and bodies as nobody should send them: well formed ones, broken somewhere."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from urllib.parse import quote


def _words(text: str) -> list[str]:
    return text.split()


REVS = ["1-a", "2-b", "3-" + "c" * 32, "0-0", "1-", "-", "1-đ", "9" * 20 + "-a", "1-\ud800"]
IDS = ["a", "b/c", "_design/x", "_local/y", "_x", "", "ố", "a" * 300, "\0", "draft:1:2"]
SCALARS: list[object] = [None, True, False, 0, -1, 1 << 63, 1e308, "", "a", "\0", "QUJD", "%%%", {}]
TOKENS = [token.encode() for token in _words(r'{ } [ ] " \ , : null 1e999 --x --x-- \ud800 NaN -0')]
TOKENS += [b"\xff", b"\0", b"\r\n", b"\r\n\r\n", b'"_id":', b'"docs":[', b" " * 9]
QUERY = _words(
    """rev revs open_revs latest conflicts meta attachments atts_since since limit style filter
    doc_ids include_docs descending key keys startkey endkey skip inclusive_end new_edits revs_info
    batch x"""
)
VALUES = ["", *_words('true false all 0 1 -1 now 5-x [] ["1-a"] "a" { null ["1-a",5] 1e3 ố [[[')]
VALUES += ["9" * 30, "_doc_ids", "all_docs", "%ff", '{"a":1}']
PATHS = ["", "a", "a/p", "a/p/q", "ố", "b", "_local/c", "_local", "_security", "_design/d"]
PATHS += ["_design/d/_view/v", "_revs_limit", "%ff", "%00", "..%2f", "_changes", "_all_docs"]
POSTED = _words(
    """_bulk_docs _bulk_get _revs_diff _missing_revs _changes _all_docs _purge _compact
    _ensure_full_commit _find"""
)
DATABASES = [*["db"] * 6, "other", "_all_dbs", "_db_updates", "", "DB", "%ff"]
JSON = "application/json"
KINDS = [JSON, JSON, JSON, f"{JSON}; charset=utf-8", "multipart/related; boundary=x", ""]
KINDS += ['multipart/related; boundary="x"', "text/plain", "multipart/related", "multipart/mixed"]
HEADERS = ["if-match", "if-none-match", "content-md5", "last-event-id", "range", "accept"]
METHODS = [*["GET", "PUT"] * 4, "DELETE", "HEAD", "POST", "PATCH", "COPY", "OPTIONS"]
ATTACHMENT = ["stub", "follows", "length", "digest", "revpos", "encoding"]
SPECIAL = ["_deleted", "_conflicts", "_x", "m", "_attachments", "_revisions"]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class Fuzzer:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def document(self) -> dict[str, object]:
        pick, some = self.rng.choice, self.rng.random
        found: dict[str, object] = {"_id": pick(IDS) if some() < 0.9 else pick(SCALARS)}
        if some() < 0.5:
            found["_rev"] = pick(REVS) if some() < 0.8 else pick(SCALARS)
        if some() < 0.4:
            ids = [pick(REVS) for _ in range(self.rng.randrange(4))]
            found["_revisions"] = {"start": pick((len(ids), 1, 0, pick(SCALARS))), "ids": ids}
        if some() < 0.4:
            given = {"data": pick(SCALARS), "content_type": pick(("a/b", "x\r\ny", pick(SCALARS)))}
            given |= {pick(ATTACHMENT): pick(SCALARS)}
            found["_attachments"] = {pick(IDS): given if some() < 0.9 else pick(SCALARS)}
        if some() < 0.3:
            found[pick(("_deleted", "_conflicts", "_x", "m", "_attachments", "_revisions"))] = pick(
                SCALARS
            )
        return found

    def value(self) -> object:
        documents = [self.document() for _ in range(self.rng.randrange(3))]
        ids = {each: [self.rng.choice(REVS)] for each in self.rng.sample(IDS, 2)}
        asked = [{"id": self.rng.choice(IDS), "rev": self.rng.choice(REVS)}]
        return self.rng.choice(
            (
                {"docs": documents, "new_edits": self.rng.choice((True, False, 0))},
                self.document(), ids, {"docs": asked}, {"keys": list(IDS)}, {"doc_ids": list(IDS)},
                self.rng.choice(SCALARS), {"docs": self.rng.choice(SCALARS)}, list(ids),
            )
        )  # fmt: skip

    def json(self, value: object) -> bytes:
        return json.dumps(value).encode()

    def multipart(self) -> bytes:
        parts = [self.json(self.document()), *(b"p" * 9 for _ in range(self.rng.randrange(3)))]
        head = b"content-type: application/json\r\n"
        return b"".join(b"--x\r\n%b\r\n%b\r\n" % (head, part) for part in parts) + b"--x--"

    def broken(self, body: bytes) -> bytes:
        """Some bytes changed, cut, doubled or put in between; or as it was."""
        for _ in range(self.rng.choice((0, 1, 1, 2, 5))):
            at = self.rng.randrange(len(body) + 1)
            end = at + self.rng.randrange(1, 12)
            body = self.rng.choice(
                (
                    body[:at] + self.rng.choice(TOKENS) + body[at:],
                    body[:at] + body[end:],
                    body[:end] + body[at:],
                    body[:at],
                    body[:at] + self.rng.randbytes(3) + body[end:],
                )
            )
        return body

    def whole(self) -> bytes:
        return self.multipart() if self.rng.random() < 0.25 else self.json(self.value())

    def cuts(self, body: bytes) -> list[bytes]:
        at = sorted(self.rng.randrange(len(body) + 1) for _ in range(self.rng.randrange(4)))
        return [body[a:b] for a, b in zip([0, *at], [*at, len(body)], strict=True)]

    def request(self) -> Request:
        pick = self.rng.choice
        body = self.broken(self.whole())
        headers = {"content-type": pick(KINDS)}
        if self.rng.random() < 0.15:
            headers["content-encoding"] = pick(("gzip", "gzip", "deflate", "identity"))
            body = self.broken(gzip.compress(body, 1))
        if self.rng.random() < 0.2:
            headers[pick(HEADERS)] = pick(('"1-a"', "x", "", "ÿ", "bytes=0-5", "1-a", "*"))
        asked = [
            f"{pick(QUERY)}={self._quoted(pick(VALUES))}" for _ in range(self.rng.randrange(4))
        ]
        asked += ["feed=normal"] if self.rng.random() < 0.1 else []
        posted = self.rng.random() < 0.4
        database = "db" if posted else pick(DATABASES)
        path = f"/{database}/{pick(POSTED if posted else PATHS)}" if database else "/"
        method = "POST" if posted else pick(METHODS)
        return Request(method, path, "&".join(asked), headers, body)

    def _quoted(self, value: str) -> str:
        return quote(value, safe="%") if self.rng.random() < 0.9 else quote(value, safe="%&=+;")
