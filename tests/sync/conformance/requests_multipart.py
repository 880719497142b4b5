"""multipart/related in, multipart/mixed and multipart/related out."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from hashlib import md5
from typing import Any

from tests.sync.conformance.play import Request as R
from tests.sync.conformance.play import Scenarios
from tests.sync.conformance.requests_revisions import CONFLICT, replicated

RELATED = {"Content-Type": 'multipart/related;boundary="xyz"'}
MIXED = {"Accept": "multipart/mixed"}
PHOTO = b"\xff\xd8photo"
ZIPPED = gzip.compress(b"text " * 50, mtime=0)


def follows(data: bytes, **members: Any) -> dict[str, Any]:
    digest = f"md5-{b64encode(md5(data, usedforsecurity=False).digest()).decode()}"
    common = {"follows": True, "content_type": "image/jpeg", "length": len(data)}
    return common | {"digest": digest, "revpos": 1} | members


def related(document: dict[str, Any], *parts: bytes, head: bytes = b"", end: str = "--") -> bytes:
    body = b"--xyz\r\ncontent-type: application/json\r\n\r\n" + json.dumps(document).encode()
    for part in parts:
        body += b"\r\n--xyz\r\n" + head + b"\r\n" + part
    return body + b"\r\n--xyz" + end.encode()


WITH_TWO = related(
    replicated(
        "m", "2-b", "1-a", _attachments={"a": follows(PHOTO), "b": follows(b"\r\n--xy\r\n")}
    ),
    PHOTO,
    b"\r\n--xy\r\n",
)
ZIPPED_TEXT = follows(
    ZIPPED, content_type="text/plain", encoding="gzip", length=250, encoded_length=len(ZIPPED)
)

SCENARIOS: Scenarios = {
    "related in": [
        R("PUT", "/m?new_edits=false", WITH_TWO, RELATED),
        R("GET", "/m?revs=true"),
        R("GET", "/m/a"),
        R("GET", "/m/b"),
        R("PUT", "/n", related({"_attachments": {"a": follows(PHOTO)}}, PHOTO), RELATED),
        R("GET", "/n?attachments=true"),
        R("PUT", "/o", related({"_attachments": {"a": follows(PHOTO)}}, b"torn..."), RELATED),
        R("PUT", "/r?new_edits=false", b'{"_rev":"4-x"}'),
        R("PUT", "/r?new_edits=false", b'{"_rev":"4-x"}'),
        R("PUT", "/s?new_edits=false", {"_revisions": {"start": 3, "ids": ["c", "b"]}, "n": 1}),
        R("PUT", "/t?new_edits=false", {"n": 1}),
        R("PUT", "/u?new_edits=nonsense", {"n": 1}),
    ],
    "related in, zipped": [
        R(
            "PUT",
            "/z?new_edits=false",
            related(replicated("z", "1-a", _attachments={"t": ZIPPED_TEXT}), ZIPPED),
            RELATED,
        ),
        R("GET", "/z"),
        R("GET", "/z?att_encoding_info=true"),
        R("GET", "/z/t"),
        R("GET", "/z/t", headers={"Accept-Encoding": "gzip"}),
        R("HEAD", "/z/t", headers={"Accept-Encoding": "gzip"}),
        R("GET", "/z?attachments=true"),
        R("GET", "/z?attachments=true&att_encoding_info=true"),
        R(
            "GET",
            "/z?open_revs=all&revs=true&att_encoding_info=true&attachments=true",
            headers=MIXED,
        ),
        R("PUT", "/y", b'{"n":1}', keep={"r": "rev"}),
        R(
            "POST",
            "/_bulk_docs",
            {
                "new_edits": False,
                "docs": [
                    replicated(
                        "i",
                        "1-a",
                        _attachments={
                            "t": {
                                "content_type": "text/plain",
                                "encoding": "gzip",
                                "data": b64encode(ZIPPED).decode(),
                            }
                        },
                    )
                ],
            },
        ),
        R("GET", "/i?att_encoding_info=true"),
        R("GET", "/i/t"),
        R("PUT", "/y/u?rev=$r", ZIPPED, {"Content-Type": "text/plain", "Content-Encoding": "gzip"}),
        R("GET", "/y?att_encoding_info=true"),
        R("GET", "/y/u"),
        R("GET", "/y/u", headers={"Accept-Encoding": "gzip"}),
    ],
    "mixed out": [
        CONFLICT,
        R("PUT", "/m?new_edits=false", WITH_TWO, RELATED),
        R("GET", "/d?open_revs=all&revs=true", headers=MIXED),
        R(
            "GET",
            "/d?open_revs=all&revs=true",
            headers={"Accept": "multipart/mixed, application/json"},
        ),
        R(
            "GET",
            "/d?open_revs=all&revs=true",
            headers={"Accept": "application/json, multipart/mixed"},
        ),
        R("GET", "/d?open_revs=all&revs=true", headers={"Accept": "*/*"}),
        R("GET", '/d?open_revs=["2-b","9-q"]&latest=true', headers=MIXED),
        R("GET", "/m?open_revs=all&revs=true&attachments=true", headers=MIXED),
        R("GET", "/m?open_revs=all&revs=true", headers=MIXED),
        R("GET", '/m?open_revs=all&atts_since=["1-a"]', headers=MIXED),
        R("GET", '/m?open_revs=all&atts_since=["2-b"]', headers=MIXED),
        R("GET", '/m?open_revs=["2-b"]&revs=true&latest=true&atts_since=["9-z"]', headers=MIXED),
        R("GET", "/none?open_revs=all", headers=MIXED),
        R("GET", '/none?open_revs=["1-a"]', headers=MIXED),
    ],
    "related out": [
        R("PUT", "/m?new_edits=false", WITH_TWO, RELATED),
        R("GET", "/m?attachments=true", headers={"Accept": "multipart/related"}),
        R("GET", "/m?attachments=true", headers={"Accept": "multipart/related,*/*"}),
        R("GET", "/m", headers={"Accept": "multipart/related"}),
        R("GET", '/m?atts_since=["2-b"]&attachments=true', headers={"Accept": "multipart/related"}),
    ],
}
