"""Attachments are decoded while the body arrives, wherever the stream is cut."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import wire_splitter
from sync.model import BadRequest, NewAttachment
from sync.wire_json import parse_edit
from sync.wire_splitter import DocumentSplitter


@pytest.fixture(autouse=True, scope="module")
def everything_is_large() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wire_splitter, "_LARGE", 6)
        yield


def split(body: bytes, cuts: list[int]) -> tuple[list[bytes], DocumentSplitter]:
    splitter, found, at = DocumentSplitter(), [], 0
    for cut in [*sorted(cuts), len(body)]:
        found += splitter.feed(body[at:cut])
        at = max(at, cut)
    splitter.envelope()
    return found, splitter


def draft(name: str, **data: str) -> dict[str, Any]:
    """Its body looks like an attachment, too."""
    return {
        "_id": name,
        "_rev": "1-a",
        "lookalike": {"deeper": {"data": "QUJDREVGR0hJSktMTU5P"}},
        "_attachments": {
            file: {"content_type": "image/jpeg", "data": text} for file, text in data.items()
        },
    }


@given(
    st.lists(st.lists(st.binary(max_size=60), max_size=3), min_size=1, max_size=3),
    st.lists(st.integers(0, 900), max_size=12),
    st.booleans(),
)
def test_what_was_sent_is_what_is_decoded(
    photos: list[list[bytes]], cuts: list[int], escaped: bool
) -> None:
    docs = [
        draft(f"d{n}", **{f"p{i}": b64encode(photo).decode() for i, photo in enumerate(own)})
        for n, own in enumerate(photos)
    ]
    body = json.dumps({"docs": docs, "new_edits": False})
    if escaped:
        body = body.replace("/", "\\/")
    found, splitter = split(body.encode(), [cut for cut in cuts if cut <= len(body)])
    assert len(found) == len(photos)
    for text, own, sent in zip(found, photos, docs, strict=True):
        edit = parse_edit(json.loads(text), new_edits=False, taken=splitter.taken)
        assert edit.body == {"lookalike": sent["lookalike"]}
        decoded = [a.data for a in edit.attachments.values() if isinstance(a, NewAttachment)]
        # JSON escaped a slash inside base64 only where it was long enough to be decoded early.
        assert decoded == own
    assert splitter.taken == {}, "decoded bytes were left behind"


@pytest.mark.parametrize(
    "data",
    [
        "QUJDREVGR0hJSktMTU5",  # not a multiple of four
        "QUJDREVGR0hJ!!!!",
        "QUJDREVGR0g=QUJDREVGR0hJSktM",  # goes on after its end
        'QUJDREVGR0hJ\\"JKLM',
        "QUJDREVGR0hJ\\\\AAA",
        "QUJDREVGR0hJ\\u0041AAA",
    ],
)
def test_what_is_no_base64_names_the_attachment(data: str) -> None:
    body = json.dumps({"docs": [draft("d", p="@")]}).replace("@", data).encode()
    for cut in range(len(body)):
        (text,), splitter = split(body, [cut])
        with pytest.raises(BadRequest, match="Invalid attachment data for p"):
            parse_edit(json.loads(text), new_edits=False, taken=splitter.taken)


def test_nobody_can_name_the_place_of_another_s_data() -> None:
    body = json.dumps({"docs": [draft("d", p=b64encode(b"secret" * 9).decode(), q="0:0")]})
    (text,), splitter = split(body.encode(), [])
    with pytest.raises(BadRequest, match="Invalid attachment data for q"):
        parse_edit(json.loads(text), new_edits=False, taken=splitter.taken)


def test_an_editor_s_old_digest_does_not_bind_its_new_bytes() -> None:
    document = draft("d", p=b64encode(b"new").decode())
    document["_attachments"]["p"]["digest"] = "md5-of+the+old=="
    for new_edits, kept in ((True, None), (False, "md5-of+the+old==")):
        edit = parse_edit(json.loads(json.dumps(document)), new_edits)
        attachment = edit.attachments["p"]
        assert isinstance(attachment, NewAttachment) and attachment.digest == kept
